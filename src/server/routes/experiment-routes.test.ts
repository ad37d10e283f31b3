import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Experiments } from "../../experiments/experiment-result.js";
import { writeReports } from "../../report/experiment-output.js";
import { ExperimentFolders } from "../experiments/experiment-folders.js";
import type { CommandOutcome } from "../runs/run-command.js";
import { post, toyModel, type ToyServer, toyServer } from "../testing/toy-server.js";

const folder = mkdtempSync(join(tmpdir(), "euar-experiments-"));
const started: string[][] = [];
let interrupts = 0;
let end: (outcome: CommandOutcome) => void = () => undefined;
let server: ToyServer;
beforeAll(async () => {
  const datasets = new Map([["toy", "/data/toy.pkl"]]);
  const experiments = new ExperimentFolders({
    folder,
    datasets,
    start: (args) => {
      started.push([...args]);
      return {
        interrupt: () => (interrupts += 1),
        outcome: new Promise((resolve) => (end = resolve)),
      };
    },
  });
  server = await toyServer(await toyModel(), { experiments });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const get = async (path: string) => {
  const response = await server.app.request(path);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 10));

it("starts one experiment at a time, stops it, and shows how it ended", async () => {
  const request = {
    name: "one",
    experiment: "table2",
    data: "toy",
    seeds: 2,
    recipe: { train: { epochs: 1 } },
  };
  expect((await post(server.app, "/v1/experiments", request)).status).toBe(202);
  const config = join(folder, ".one.json");
  const recipe = join(folder, ".one.recipe.json");
  expect(started).toEqual([["reproduce", "--config", config]]);
  expect(JSON.parse(readFileSync(config, "utf8"))).toEqual({
    ...{ experiment: "table2", seeds: 2, data: "/data/toy.pkl", out: join(folder, "one"), recipe },
  });
  expect(JSON.parse(readFileSync(recipe, "utf8"))).toEqual({ train: { epochs: 1 } });
  expect((await get("/v1/experiments/one")).body).toMatchObject({ state: "running", results: null });
  expect((await post(server.app, "/v1/experiments", { ...request, name: "two" })).status).toBe(409);
  expect((await post(server.app, "/v1/experiments/one/stop", {})).status).toBe(202);
  expect(interrupts).toBe(1);
  end({ kind: "error", error: { code: "data.format", message: "bad" } });
  await settled();
  expect((await get("/v1/experiments/one")).status).toBe(404);
  const next = await post(server.app, "/v1/experiments", { name: "one", experiment: "all", data: "toy" });
  expect(next.status).toBe(202);
  end({ kind: "result", result: {} });
});

it.each([
  [{ name: "../x", experiment: "all", data: "toy" }, 400],
  [{ name: "x", experiment: "table99", data: "toy" }, 400],
  [{ name: "x", experiment: "all", data: "/etc/passwd" }, 404],
])("refuses %j", async (request, status) => {
  expect((await post(server.app, "/v1/experiments", request)).status).toBe(status);
});

it("lists and reads the results of euar reproduce", async () => {
  const out = join(folder, "real");
  const results: Experiments = {
    format: "euar-experiments/2",
    version: "0.1.0",
    data: { name: "toy", sizes: { test: 4 }, modalities: ["text"] },
    seeds: [1],
    experiments: [
      {
        ...{ name: "table2", title: "Table 2", caption: "", line: null },
        columns: [{ label: "clean", metric: "MAE" }],
        rows: [
          {
            label: "EUAR",
            role: "euar",
            cells: [
              {
                ...{ mean: 1, deviation: null, values: [1], note: "", uncertainty: null },
                ...{ comparison: null, wins: false },
              },
            ],
          },
        ],
      },
    ],
    figures: [],
    paper: [],
    failures: [],
  };
  await writeReports(out, results);
  const { body } = await get("/v1/experiments");
  expect(body["experiments"]).toEqual([
    expect.objectContaining({ name: "real", state: "done", error: null }) as unknown,
  ]);
  const read = (await get("/v1/experiments/real")).body;
  expect(read["results"]).toEqual(JSON.parse(JSON.stringify(results)));
  expect(
    (await post(server.app, "/v1/experiments", { name: "real", experiment: "all", data: "toy" })).status,
  ).toBe(409);
  writeFileSync(join(out, "results.json"), '{"format":"other"}');
  expect((await get("/v1/experiments/real")).status).toBe(400);
  expect((await get("/v1/experiments/..%2freal")).status).toBe(404);
});
