import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Dataset } from "../../data/dataset.js";
import { loadDataset } from "../../data/formats/load-dataset.js";
import { evaluate } from "../../evaluate/evaluate.js";
import type { StressResult } from "../../experiments/stress-run.js";
import { Predictor } from "../../predict/predictor.js";
import { train } from "../../train/train.js";
import { RunFolders } from "../runs/run-folders.js";
import { stressTest } from "../runs/stress-test.js";
import { StressTests } from "../runs/stress-tests.js";
import { toyModel, type ToyServer, toyServer } from "../testing/toy-server.js";

const folder = mkdtempSync(join(tmpdir(), "euar-stress-"));
const data = "synthetic:train=60,valid=40,test=30";
let server: ToyServer;
let dataset: Dataset;
let computed = 0;
beforeAll(async () => {
  dataset = await loadDataset(data);
  const config = { hidden: 8, experts: { count: 4 }, head: [8] };
  const options = { train: { epochs: 1 }, out: join(folder, "run") };
  await train({ model: { name: "euar", config }, ...options }, dataset);
  server = await toyServer(await toyModel(), {
    folders: new RunFolders(folder),
    datasets: new Map([
      ["small", data],
      ["absent", join(folder, "absent.pkl")],
    ]),
    stressTests: new StressTests((request) => {
      computed++;
      return stressTest(request);
    }),
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const get = async (path: string) => {
  const response = await server.app.request(path);
  return { status: response.status, body: (await response.json()) as unknown };
};

it("measures a run under rising noise, once", async () => {
  const { status, body } = await get("/v1/runs/run/stress?data=small");
  expect(status).toBe(200);
  const result = body as StressResult;
  const model = await Predictor.load(join(folder, "run"));
  const noisy = await evaluate(model, dataset, { corruption: [{ kind: "gaussian", amount: 2 }] });
  const gaussian = result.series.find(({ label }) => label === "Gaussian")?.points ?? [];
  expect(gaussian.map(({ amount }) => amount)).toEqual([0, 0.5, 1, 2]);
  expect(gaussian.at(-1)?.metrics).toEqual(noisy.metrics);
  expect(gaussian.at(-1)?.uncertainty["text"]).toBe(noisy.uncertainty["text"]?.mean);
  expect(result.metrics[0]).toBe("Non0_acc_2");
  const kinds = result.uncertainty.severity.find(({ modality }) => modality === "text")?.byKind ?? [];
  expect(kinds.map(({ kind }) => kind)).toContain("block");
  const causes = result.uncertainty.routing.find((one) => one.modality === "text" && one.over === "kinds");
  for (const { shares } of causes?.kinds ?? [])
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 3);
  expect(causes?.kinds.length).toBeGreaterThan(2);
  const { ids } = dataset.splits.test;
  expect(result.map?.points.map(({ id }) => id)).toEqual([...ids]);
  expect((await get("/v1/runs/run/stress?data=small")).body).toEqual(body);
  expect(computed).toBe(1);
});

it("refuses unknown runs and data sets, and tries a failed test again", async () => {
  expect((await get("/v1/runs/other/stress?data=small")).status).toBe(404);
  expect((await get("/v1/runs/run/stress?data=smal")).body).toMatchObject({
    code: "server.not-found",
    hint: expect.stringContaining("small") as string,
  });
  expect((await get("/v1/runs/run/stress")).status).toBe(400);
  const before = computed;
  const refused = async (): Promise<void> => {
    expect((await get("/v1/runs/run/stress?data=absent")).body).toMatchObject({ code: "data.not-found" });
  };
  await refused();
  await refused();
  expect(computed).toBe(before + 2);
});
