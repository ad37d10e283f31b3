import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MediaError } from "../../core/errors.js";
import type { Predictor } from "../../predict/predictor.js";
import { LoadedModels } from "../models/loaded-models.js";
import { localScorer } from "../models/local-scorer.js";
import type { MediaRequest } from "../models/scorer.js";
import type { JobRow } from "../store/rows.js";
import { Store } from "../store/store.js";
import { toyLimits, toyModel, type ToyServer, toyServer } from "../testing/toy-server.js";
import { Jobs } from "./jobs.js";

const folder = mkdtempSync(join(tmpdir(), "euar-jobs-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A medium whose scoring the test ends. */
interface Work {
  readonly request: MediaRequest;
  readonly signal: AbortSignal;
  readonly end: (result: string | Error) => void;
}

let model: Predictor;
let server: ToyServer;
let models: LoadedModels;
let works: Work[] = [];
beforeAll(async () => {
  model = await toyModel();
});
beforeEach(async () => {
  works = [];
  models = new LoadedModels(toyLimits);
  await models.add("toy", {
    ...localScorer(model, { samplesPerBody: 4, batchSize: 8 }),
    scoreMedia: (request, signal) =>
      new Promise((resolve, reject) => {
        const end = (result: string | Error): void => {
          if (typeof result === "string") resolve(result);
          else reject(result);
        };
        signal.addEventListener("abort", () => {
          end(new Error("aborted"));
        });
        works.push({ request, signal, end });
      }),
  });
  server = await toyServer(model, { models, uploads: folder });
});

async function submit(
  text: string,
  key?: string,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const body = new FormData();
  body.append("text", text);
  body.append("clip", new File(["RIFF"], "a.wav"));
  const headers = key === undefined ? {} : { "idempotency-key": key };
  const response = await server.app.request("/v1/jobs?level=0.5", { method: "POST", body, headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function stateOf(id: unknown): Promise<Record<string, unknown>> {
  return (await (await server.app.request(`/v1/jobs/${String(id)}`)).json()) as Record<string, unknown>;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(condition, { interval: 2, timeout: 60_000 }).toBe(true);
}

describe("a job", () => {
  it("is accepted, scored with its file, and reports each change", async () => {
    const { status, body } = await submit("hello");
    expect(status).toBe(202);
    expect(body).toMatchObject({ state: "queued", model: "toy", result: null });
    await until(() => works.length === 1);
    const events = server.app.request(`/v1/jobs/${String(body["id"])}/events`);
    const { request, end } = works[0] as Work;
    expect(request).toMatchObject({ level: 0.5, files: { text: "hello" }, longest: 60 });
    expect(existsSync(String(request.files.clip))).toBe(true);
    expect((await stateOf(body["id"]))["state"]).toBe("running");
    const stream = (await events).text();
    await sleep(20);
    end('{"prediction":1}');
    const states = [...(await stream).matchAll(/"state":"(\w+)"/g)].map(([, state]) => state);
    expect(states).toEqual(["running", "done"]);
    expect(await stateOf(body["id"])).toMatchObject({
      state: "done",
      attempts: 1,
      result: { model: "toy", prediction: 1 },
    });
    await until(() => readdirSync(folder).length === 0);
  });

  it("is refused with a bad parameter", async () => {
    const refused = await server.app.request("/v1/jobs?level=7", { method: "POST", body: new FormData() });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ code: "config.invalid" });
  });

  it("fails with the code of its error", async () => {
    const { body } = await submit("hello");
    await until(() => works.length === 1);
    works[0]?.end(new MediaError("media.damaged", "it is damaged", { hint: "Send it again." }));
    await until(async () => (await stateOf(body["id"]))["state"] === "failed");
    const error = { code: "media.damaged", message: "it is damaged", hint: "Send it again." };
    expect(await stateOf(body["id"])).toMatchObject({ error, result: null });
  });

  it("is cancelled while it waits and while it runs, and deleted afterwards", async () => {
    const ids = [(await submit("1")).body["id"], (await submit("2")).body["id"]];
    await until(() => works.length === 1);
    const remove = async (id: unknown): Promise<number> =>
      (await server.app.request(`/v1/jobs/${String(id)}`, { method: "DELETE" })).status;
    expect([await remove(ids[1]), await remove(ids[0])]).toEqual([204, 204]);
    await until(() => works[0]?.signal.aborted === true);
    for (const id of ids) await until(async () => (await stateOf(id))["state"] === "cancelled");
    await until(() => readdirSync(folder).length === 0);
    expect(works).toHaveLength(1);
    expect(await remove(ids[0])).toBe(204);
    expect(await stateOf(ids[0])).toMatchObject({ status: 404, code: "server.not-found" });
  });

  it("is the same for the same idempotency key, and a conflict for another request", async () => {
    const [first, again, other] = [await submit("1", "k"), await submit("1", "k"), await submit("2", "k")];
    expect(again.body["id"]).toBe(first.body["id"]);
    expect([again.status, other.status, other.body["code"]]).toEqual([202, 409, "server.conflict"]);
    await server.app.request(`/v1/jobs/${String(first.body["id"])}`, { method: "DELETE" });
    await until(() => readdirSync(folder).length === 0);
  });
});

it("continues the jobs of a killed server, and gives up a job that ended it three times", async () => {
  const store = Store.openHere(":memory:");
  const request = JSON.stringify({
    model: "toy",
    level: 0.9,
    files: { text: "x" },
    shown: [],
    folder: join(folder, "no"),
  });
  const row = (id: string, attempts: number): JobRow => ({
    id,
    key: null,
    fingerprint: "f",
    state: "running",
    created: id,
    started: "before",
    finished: null,
    attempts,
    request,
    result: null,
    error: null,
  });
  await store.ask("addJob", row("1", 1));
  await store.ask("addJob", row("2", 3));
  const jobs = new Jobs({ store, models, jobDuration: 9, jobSeconds: 9, log: () => undefined });
  expect(await jobs.resume()).toBe(2);
  await until(() => works.length === 1);
  works[0]?.end('{"prediction":2}');
  await until(async () => (await store.ask("getJob", "2"))?.state === "failed");
  expect(await store.ask("getJob", "1")).toMatchObject({ state: "done", attempts: 2 });
  expect((await store.ask("getJob", "2"))?.error).toContain("server.gave-up");
});

it("leaves a running job to the next server when this one ends, however often", async () => {
  const { store } = server.services;
  const { body } = await submit("hello");
  let { jobs } = server.services;
  for (let ends = 1; ends <= 4; ends++) {
    await until(() => works.length === ends);
    await jobs.stop();
    expect(await stateOf(body["id"])).toMatchObject({ state: "queued", started: null, attempts: 0 });
    expect(readdirSync(folder)).toHaveLength(1);
    jobs = new Jobs({ store, models, jobDuration: 9, jobSeconds: 9, log: () => undefined });
    await jobs.resume();
  }
  await until(() => works.length === 5);
  works[4]?.end('{"prediction":2}');
  await until(async () => (await stateOf(body["id"]))["state"] === "done");
  expect(await stateOf(body["id"])).toMatchObject({ attempts: 1 });
  await until(() => readdirSync(folder).length === 0);
});

describe("a job that was taken from the queue, but has not started", () => {
  let store: Store;
  let jobs: Jobs;
  let uploads: string;
  /** Runs in the moment between the question for the next job and its answer. */
  let meanwhile: () => Promise<unknown>;
  let reply: Promise<unknown> | undefined;

  const open = (): Jobs => new Jobs({ store, models, jobDuration: 9, jobSeconds: 9, log: () => undefined });

  beforeEach(() => {
    store = Store.openHere(":memory:");
    jobs = open();
    uploads = mkdtempSync(join(folder, "taken-"));
    reply = undefined;
    const ask = store.ask.bind(store);
    Object.assign(store, {
      ask: (...call: Parameters<typeof ask>) => {
        const answer = ask(...call);
        if (call[0] === "takeJob") reply ??= Promise.resolve().then(meanwhile);
        return answer;
      },
    });
  });

  afterEach(() => {
    rmSync(uploads, { recursive: true, force: true });
  });

  async function submitOne(): Promise<void> {
    const request = { model: "toy", level: 0.9, files: { text: "x" }, shown: [], folder: uploads };
    await jobs.submit({
      id: "1",
      key: null,
      fingerprint: "f",
      state: "queued",
      created: "now",
      started: null,
      finished: null,
      attempts: 0,
      request: JSON.stringify(request),
      result: null,
      error: null,
    });
    await until(() => reply !== undefined);
  }

  it("does not start while the server stops, and the next server starts it", async () => {
    meanwhile = () => jobs.stop();
    await submitOne();
    await Promise.race([reply, sleep(200)]);
    expect(works).toEqual([]);
    expect(await store.ask("getJob", "1")).toMatchObject({ state: "queued", attempts: 0 });
    expect(existsSync(uploads)).toBe(true);
    jobs = open();
    await jobs.resume();
    await until(() => works.length === 1);
    works[0]?.end('{"prediction":2}');
    await until(async () => (await store.ask("getJob", "1"))?.state === "done");
  });

  it("does not start if it is cancelled", async () => {
    meanwhile = () => jobs.cancel("1");
    await submitOne();
    await reply;
    await until(() => !existsSync(uploads));
    await jobs.stop();
    expect(works).toEqual([]);
    expect(await store.ask("getJob", "1")).toMatchObject({ state: "cancelled" });
  });
});
