import type { z } from "@hono/zod-openapi";
import type { runSchema, trainOptionsSchema } from "../../../src/server/schemas/run-schema.js";
import { addressOf, request, requestJson } from "./request.js";

export type Run = z.infer<typeof runSchema>;
export type TrainOptions = z.infer<typeof trainOptionsSchema>;
/** Option of a training, as on the command line. */
export type OptionField = TrainOptions["groups"][number]["fields"][number];

/** Record of one epoch. */
export interface Epoch {
  readonly epoch: number;
  readonly learningRate: number;
  readonly train: Readonly<Record<string, number>>;
  readonly valid: Readonly<Record<string, number>>;
}

const place = (name: string): string => `v1/runs/${encodeURIComponent(name)}`;

/** @throws RequestError */
export async function listRuns(): Promise<readonly Run[]> {
  return ((await requestJson("v1/runs")) as { readonly runs: readonly Run[] }).runs;
}

/** @throws RequestError */
export async function readOptions(): Promise<TrainOptions> {
  return (await requestJson("v1/runs/options")) as TrainOptions;
}

/**
 * Queues a training.
 * @throws RequestError
 */
export async function startRun(wanted: {
  readonly name: string;
  readonly data: string;
  readonly options: Readonly<Record<string, unknown>>;
}): Promise<Run> {
  return (await requestJson("v1/runs", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(wanted),
  })) as Run;
}

/** @throws RequestError */
export async function stopRun(name: string): Promise<void> {
  await request(`${place(name)}/stop`, { method: "POST" });
}

/** @throws RequestError */
export async function resumeRun(name: string): Promise<void> {
  await request(`${place(name)}/resume`, { method: "POST" });
}

/** @throws RequestError */
export async function readHistory(name: string): Promise<readonly Epoch[]> {
  return ((await requestJson(`${place(name)}/history`)) as { readonly epochs: readonly Epoch[] }).epochs;
}

/**
 * Follows a run: each epoch, past and new, and each change, until the run has ended.
 * @returns function that stops following
 */
export function followRun(
  name: string,
  { onEpoch, onRun }: { readonly onEpoch: (epoch: Epoch) => void; readonly onRun: (run: Run) => void },
): () => void {
  const source = new EventSource(addressOf(`${place(name)}/events`));
  source.addEventListener("epoch", ({ data }: MessageEvent<string>) => {
    onEpoch(JSON.parse(data) as Epoch);
  });
  source.addEventListener("run", ({ data }: MessageEvent<string>) => {
    const run = JSON.parse(data) as Run;
    if (!isActive(run)) source.close();
    onRun(run);
  });
  return () => {
    source.close();
  };
}

/** Returns true for a waiting or running training. */
export function isActive({ state }: Run): boolean {
  return state === "queued" || state === "running";
}

/** Returns true for a run with results. */
export function isFinished({ results }: Run): boolean {
  return results !== null;
}
