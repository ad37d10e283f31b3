import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { modelNames } from "../../models/registry.js";
import { RunFolders } from "../runs/run-folders.js";
import { type CommandOutcome, type RunningCommand } from "../runs/run-command.js";
import type { TrainOptions } from "../runs/train-options.js";
import { Trainings } from "../runs/trainings.js";
import { Store } from "../store/store.js";
import { post, toyModel, type ToyServer, toyServer } from "../testing/toy-server.js";

const folder = mkdtempSync(join(tmpdir(), "euar-runs-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Commands that the test ends. */
const started: { readonly args: readonly string[]; readonly end: (outcome: CommandOutcome) => void }[] = [];
let interrupts = 0;
const start = (args: readonly string[]): RunningCommand => {
  let end: (outcome: CommandOutcome) => void = () => undefined;
  const outcome = new Promise<CommandOutcome>((resolve) => (end = resolve));
  started.push({ args, end });
  return { interrupt: () => (interrupts += 1), outcome };
};

let server: ToyServer;
beforeAll(async () => {
  const folders = new RunFolders(folder);
  const store = Store.openHere(":memory:");
  const datasets = new Map([["toy", "/data/it's.pkl"]]);
  const trainings = new Trainings({ store, folders, datasets, log: () => undefined, start });
  server = await toyServer(await toyModel(), { store, folders, datasets, trainings });
});

const get = async (path: string) =>
  (await (await server.app.request(path)).json()) as Record<string, unknown>;
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

it.each([
  [{ name: "../x", data: "toy" }, 400, "config.invalid"],
  [{ name: "a/b", data: "toy" }, 400, "config.invalid"],
  [{ name: ".hidden", data: "toy" }, 400, "config.invalid"],
  [{ name: "x", data: "/etc/passwd" }, 404, "server.not-found"],
  [{ name: "x", data: "toy", options: { out: "/tmp/x" } }, 400, "config.invalid"],
  [{ name: "x", data: "toy", options: { textEncoder: "/tmp/x" } }, 400, "config.invalid"],
  [{ name: "x", data: "toy", path: "/" }, 400, "config.invalid"],
])("refuses the run %j", async (sent, status, code) => {
  const answer = await post(server.app, "/v1/runs", sent);
  expect([answer.status, answer.body["code"]]).toEqual([status, code]);
  expect(started).toEqual([]);
});

it("trains one run after the other, and stops and resumes them", async () => {
  const options = { model: "euar", experts: { count: 4 }, weighted: true };
  expect((await post(server.app, "/v1/runs", { name: "a", data: "toy", options })).status).toBe(202);
  expect((await post(server.app, "/v1/runs", { name: "b", data: "toy" })).status).toBe(202);
  expect((await post(server.app, "/v1/runs", { name: "a", data: "toy" })).status).toBe(409);
  await settled();
  expect(started.map(({ args }) => args.at(-1))).toEqual(["--overwrite"]);
  expect((await get("/v1/runs/b"))["state"]).toBe("queued");
  expect(await get("/v1/runs/a")).toMatchObject({
    state: "running",
    command:
      `euar train --data '/data/it'\\''s.pkl' --out ${join(folder, "a")} --model euar --experts.count 4 ` +
      "--weighted",
  });
  expect((await post(server.app, "/v1/runs/a/resume", {})).status).toBe(409);
  await post(server.app, "/v1/runs/a/stop", {});
  expect(interrupts).toBe(1);
  mkdirSync(join(folder, "a"));
  writeFileSync(join(folder, "a", "checkpoint.safetensors"), "");
  const error = { code: "train.interrupted", message: "stopped" } as const;
  started[0]?.end({ kind: "error", error });
  await settled();
  expect((await get("/v1/runs/a"))["state"]).toBe("stopped");
  expect(started).toHaveLength(2);
  started[1]?.end({ kind: "error", error: { code: "data.not-found", message: "no file", hint: "Look." } });
  await settled();
  expect(await get("/v1/runs/b")).toMatchObject({
    state: "failed",
    error: { code: "data.not-found", message: "no file", hint: "Look." },
  });
  expect((await post(server.app, "/v1/runs/a/resume", {})).status).toBe(202);
  await settled();
  expect(started[2]?.args.at(-1)).toBe("--resume");
  started[2]?.end({ kind: "result", result: {} });
  await settled();
  expect((await get("/v1/runs/a"))["state"]).toBe("done");
});

it("shows run folders that it did not train, and no others", async () => {
  mkdirSync(join(folder, "old"));
  writeFileSync(join(folder, "old", "config.json"), '{"format":"euar-run/2"}');
  writeFileSync(join(folder, "old", "metrics.json"), '{"test":{"MAE":1}}');
  writeFileSync(join(folder, "old", "history.jsonl"), '{"epoch":1}\n{"epoch":2}\n{"epo');
  mkdirSync(join(folder, "other"));
  const { runs } = await get("/v1/runs");
  expect((runs as { name: string }[]).map(({ name }) => name)).toContain("old");
  expect((runs as { name: string }[]).map(({ name }) => name)).not.toContain("other");
  expect(await get("/v1/runs/old")).toMatchObject({ state: "found", results: { test: { MAE: 1 } } });
  expect((await get("/v1/runs/old/history"))["epochs"]).toEqual([{ epoch: 1 }, { epoch: 2 }]);
  const events = await (await server.app.request("/v1/runs/old/events")).text();
  expect(events.match(/^event: epoch/gm)).toHaveLength(2);
  for (const name of ["..", "%2e%2e", "other", "..%2fold"])
    expect((await server.app.request(`/v1/runs/${name}`)).status, name).toBe(404);
  expect((await post(server.app, "/v1/models", { run: "../old" })).status).toBe(400);
  expect((await post(server.app, "/v1/models", { run: "other" })).status).toBe(404);
});

it("describes the options of each model, its presets and those that every training has", async () => {
  const { models, groups } = (await get("/v1/runs/options")) as unknown as TrainOptions;
  expect(models.map(({ name }) => name)).toEqual(modelNames);
  const aware = models[0]?.presets.find(({ name }) => name === "aware");
  expect(aware?.values).toMatchObject({ copiesKeep: 0.25, "awareness.ranking": 1 });
  expect(models[0]?.fields.find(({ key }) => key === "experts.topK")).toMatchObject({
    flag: "experts.top-k",
    fallback: 3,
  });
  const keys = groups.map(({ fields }) => fields.map(({ key }) => key));
  expect(keys[0]).toContain("learningRate");
  expect(keys[1]).toContain("pool");
  expect(keys[2]).toEqual(["backend", "threads", "arithmetic"]);
  for (const own of ["data", "out", "textEncoder"]) expect(keys.flat()).not.toContain(own);
});
