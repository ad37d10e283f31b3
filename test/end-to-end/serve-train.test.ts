import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startedServer, type StartedServer } from "../running-server.js";
import { until } from "../within.js";

let folder = "";
let server: StartedServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "euar-serve-train-"));
  const data = ["small=synthetic:train=40,valid=20", "synthetic:seed=2,train=30", "synthetic"];
  server = await startedServer(
    data.flatMap((each) => ["--data", each]),
    folder,
  );
});
afterAll(async () => {
  expect(await server.stop("SIGTERM")).toBe(0);
  rmSync(folder, { recursive: true, force: true });
});

type Json = Record<string, unknown>;

async function send(method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }> {
  const headers = { "content-type": "application/json" };
  const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) };
  const response = await fetch(server.url + path, { method, ...sent });
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : (JSON.parse(text) as Json) };
}

it("serves several data sets, also those whose specification has commas", async () => {
  const { datasets } = (await send("GET", "/v1/datasets")).body as { datasets: Json[] };
  expect(datasets).toEqual([
    { name: "small", path: "synthetic:train=40,valid=20" },
    { name: "synthetic:seed=2,train=30", path: "synthetic:seed=2,train=30" },
    { name: "synthetic", path: "synthetic" },
  ]);
  const { body } = await send("GET", `/v1/datasets/${encodeURIComponent("synthetic:seed=2,train=30")}`);
  expect(body).toMatchObject({ summary: { splits: { train: { samples: 30 } } } });
});

it("trains a run on a data set, sends its curve, and loads it as a model", async () => {
  const described = await send("GET", "/v1/datasets/small");
  expect(described.body).toMatchObject({ name: "small", summary: { splits: { train: { samples: 40 } } } });
  const options = { model: "linear", epochs: 3, seed: 4 };
  const { status, body } = await send("POST", "/v1/runs", { name: "first", data: "small", options });
  expect(status, JSON.stringify(body)).toBe(202);
  expect(body["command"]).toBe(
    "euar train --data synthetic:train=40,valid=20 --out runs/first --model linear --epochs 3 --seed 4",
  );
  const events = await (await fetch(`${server.url}/v1/runs/first/events`)).text();
  expect([...events.matchAll(/^event: (\w+)/gm)].filter(([, kind]) => kind === "epoch")).toHaveLength(3);
  expect(events.trimEnd().split("\n").at(-1)).toContain('"state":"done"');
  const run = await send("GET", "/v1/runs/first");
  expect(run.body).toMatchObject({
    state: "done",
    data: "small",
    config: { train: { seed: 4 } },
    error: null,
  });
  expect((await send("GET", "/v1/runs/first/history")).body["epochs"]).toHaveLength(3);
  const loaded = await send("POST", "/v1/models", { run: "first", name: "one", default: true });
  expect([loaded.status, loaded.body["default"]]).toEqual([201, true]);
  const { body: prediction } = await send("POST", "/v1/predictions", {
    features: { text: Array<number>(768).fill(0) },
  });
  expect(prediction).toMatchObject({ model: "one", prediction: expect.any(Number) as number });
  expect((await send("DELETE", "/v1/models/one")).status).toBe(204);
  expect((await send("GET", "/readyz")).body["models"]).toBe(0);
});

it("loads the run of the demo, if it is there and no model is given", async () => {
  cpSync(join(folder, "runs", "first"), join(folder, "euar-demo", "aware"), { recursive: true });
  const other = await startedServer(["--no-store"], folder);
  const { models } = (await (await fetch(`${other.url}/v1/models`)).json()) as { models: unknown[] };
  expect(models).toEqual([expect.objectContaining({ name: "demo", default: true })]);
  expect(await other.stop("SIGTERM")).toBe(0);
});

it("stops a training with a checkpoint and continues it", async () => {
  const options = { model: "linear", epochs: 100_000, patience: 0 };
  await send("POST", "/v1/runs", { name: "long", data: "small", options });
  const state = async () => String((await send("GET", "/v1/runs/long")).body["state"]);
  const epochs = async () =>
    ((await send("GET", "/v1/runs/long/history")).body["epochs"] as unknown[]).length;
  await until("five epochs", async () => (await epochs()) >= 5);
  expect((await send("POST", "/v1/runs/long/stop")).status).toBe(202);
  await until("the stop of the training", async () => (await state()) === "stopped");
  expect((await send("GET", "/v1/runs/long")).body["resumable"]).toBe(true);
  const before = await epochs();
  expect((await send("POST", "/v1/runs/long/resume")).status).toBe(202);
  await until("an epoch after the resume", async () => (await epochs()) > before);
  await send("POST", "/v1/runs/long/stop");
  await until("the stop of the training", async () => (await state()) === "stopped");
});

it("fails a run with the error of the command", async () => {
  await send("POST", "/v1/runs", { name: "bad", data: "small", options: { epochz: 3 } });
  const events = await (await fetch(`${server.url}/v1/runs/bad/events`)).text();
  expect(events).toContain('"state":"failed"');
  expect((await send("GET", "/v1/runs/bad")).body["error"]).toMatchObject({ code: "config.unknown-key" });
  await send("POST", "/v1/runs", { name: "worse", data: "small", options: { epochs: "many" } });
  await (await fetch(`${server.url}/v1/runs/worse/events`)).text();
  expect((await send("GET", "/v1/runs/worse")).body["error"]).toMatchObject({
    code: "config.invalid",
    message: 'epochs: expected number, received string, got "many"',
  });
});
