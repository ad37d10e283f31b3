import { setTimeout as sleep } from "node:timers/promises";
import { picture, WIDTH } from "./served-run.js";

/** What a server has confirmed to its clients. */
export interface Confirmed {
  /** Ids of stored predictions. */
  readonly predictions: Set<string>;
  /** Corrections by the id of the prediction. */
  readonly corrections: Map<string, { readonly label: string; readonly note: string }>;
  /** Ids of accepted jobs. */
  readonly jobs: Set<string>;
}

/** Sends requests of all kinds to a server, from several clients, until it does not answer any more. */
export async function sendUntilItEnds(url: string, confirmed: Confirmed, clients = 6): Promise<void> {
  const image = new Blob([new Uint8Array(await picture(1))]);
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      try {
        for (let i = client; ; i++) {
          if (i % 2 === 0) await predict(url, confirmed, i);
          else await submit(url, confirmed, image);
        }
      } catch {
        // the server was killed during the request
      }
    }),
  );
}

async function predict(url: string, { predictions, corrections }: Confirmed, i: number): Promise<void> {
  const response = await fetch(`${url}/v1/predictions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id: i, features: { rgb: Array<number>(WIDTH).fill(i % 7) } }),
  });
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  const { stored } = (await response.json()) as { stored: string };
  predictions.add(stored);
  const correction = { label: i % 4 === 0 ? "low" : "high", note: `${i} ${"n".repeat(i % 500)}` };
  const corrected = await fetch(`${url}/v1/predictions/${stored}/correction`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(correction),
  });
  if (corrected.status !== 204) throw new Error(`status ${corrected.status}`);
  corrections.set(stored, correction);
}

async function submit(url: string, { jobs }: Confirmed, image: Blob): Promise<void> {
  const body = new FormData();
  body.append("image", image);
  const response = await fetch(`${url}/v1/jobs`, { method: "POST", body });
  if (response.status === 202) jobs.add(((await response.json()) as { id: string }).id);
  await sleep(150); // jobs are accepted faster than they are scored
}

/** Waits until a job has ended, and returns it. */
export async function endOfJob(url: string, id: string): Promise<{ state: string; result: unknown }> {
  const events = await (await fetch(`${url}/v1/jobs/${id}/events`)).text();
  if (events.includes('"code":"server.not-found"')) return { state: "lost", result: null };
  return (await (await fetch(`${url}/v1/jobs/${id}`)).json()) as { state: string; result: unknown };
}

/** Row of an export. */
export interface ExportedPrediction {
  readonly id: string;
  readonly prediction: Readonly<Record<string, unknown>>;
  readonly correction: { readonly label: unknown; readonly note: string | null } | null;
}

/** Returns all stored predictions. */
export async function exported(url: string): Promise<ExportedPrediction[]> {
  const text = await (await fetch(`${url}/v1/exports/predictions`)).text();
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as ExportedPrediction);
}
