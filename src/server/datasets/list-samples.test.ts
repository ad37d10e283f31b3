import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { featuresOf } from "../../data/browse.js";
import type { Dataset } from "../../data/dataset.js";
import { loadDataset } from "../../data/formats/load-dataset.js";
import { doubtsOf } from "../../predict/doubts.js";
import { Predictor } from "../../predict/predictor.js";
import { train } from "../../train/train.js";
import { openLocalScorer } from "../models/local-scorer.js";
import { surveySplit } from "../survey/survey-split.js";
import { Surveys } from "../survey/surveys.js";
import { toyModel, type ToyServer, toyServer } from "../testing/toy-server.js";
import type { DescribedSample } from "./list-samples.js";

const folder = mkdtempSync(join(tmpdir(), "euar-survey-"));
const data = "synthetic:train=60,valid=40,test=90";
let server: ToyServer;
let dataset: Dataset;
let surveyed = 0;
beforeAll(async () => {
  dataset = await loadDataset(data);
  const config = { hidden: 8, experts: { count: 4 }, head: [8] };
  await train({ model: { name: "euar", config }, train: { epochs: 1 }, out: join(folder, "run") }, dataset);
  server = await toyServer(await toyModel(), {
    datasets: new Map([["small", data]]),
    surveys: new Surveys((request) => {
      surveyed++;
      return surveySplit(request);
    }),
  });
  const options = { backend: "auto", samplesPerBody: 4, batchSize: 8 } as const;
  await server.services.models.add("run", await openLocalScorer(join(folder, "run"), options));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const list = async (query: string) => {
  const answer = await server.app.request(`/v1/datasets/small/samples?limit=1000&${query}`);
  const body = (await answer.json()) as { total: number; samples: DescribedSample[]; code?: string };
  return { status: answer.status, ...body };
};
const put = (path: string, body: unknown) =>
  server.app.request(path, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

it("orders samples by a model's uncertainty and filters by its doubts, as the library does", async () => {
  const { samples } = await list("split=test&model=run&order=uncertain");
  const predictor = await Predictor.load(join(folder, "run"));
  const expected = dataset.splits.test.ids.map((id, row) => {
    const prediction = predictor.predict(featuresOf(dataset, "test", row));
    const doubted = doubtsOf(prediction).map(({ modality }) => modality);
    return { id, uncertainty: prediction.uncertainty, doubted };
  });
  const sorted = [...expected].sort((a, b) => (b.uncertainty ?? 0) - (a.uncertainty ?? 0));
  expect(samples.map(({ id, uncertainty, doubted }) => ({ id, uncertainty, doubted }))).toEqual(sorted);
  const doubts = await list("split=test&model=run&doubted=text");
  const ids = expected.filter(({ doubted }) => doubted.includes("text")).map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(0);
  expect(doubts.samples.map(({ id }) => id)).toEqual(ids);
  const any = await list("split=test&model=run&doubted=any");
  expect(any.total).toBe(expected.filter(({ doubted }) => doubted.length > 0).length);
  expect(surveyed).toBe(1);
});

it("filters by flags, and by the samples that a person has not labelled", async () => {
  const [first, second] = dataset.splits.test.ids;
  await put("/v1/flags/small", { sample: `test/${first ?? ""}`, note: "cut off" });
  await put("/v1/flags/small", { sample: `train/${second ?? ""}`, note: "of another split" });
  const flagged = await list("split=test&flagged=true");
  expect(flagged.samples).toMatchObject([{ id: first, flag: "cut off", uncertainty: null, doubted: [] }]);
  const label = { sample: `test/${second ?? ""}`, modality: "all", person: "anna", label: 1 };
  expect((await put("/v1/labels/small", label)).status).toBe(204);
  const rest = await list("split=test&unlabelledBy=anna");
  expect(rest.total).toBe(89);
  expect(rest.samples.map(({ id }) => id)).not.toContain(second);
  expect((await list("split=test&unlabelledBy=anna&unlabelledFor=audio")).total).toBe(90);
  expect((await list("split=test&unlabelledBy=anna&unlabelledFor=all")).total).toBe(89);
  expect((await list("split=test&unlabelledBy=ben")).total).toBe(90);
});

it("refuses an order without a model, unknown models and models without a file", async () => {
  expect(await list("order=uncertain")).toMatchObject({ status: 409, code: "config.conflict" });
  expect(await list("doubted=any")).toMatchObject({ status: 409 });
  expect(await list("model=other")).toMatchObject({ status: 404, code: "server.not-found" });
  expect(await list("model=toy&order=uncertain")).toMatchObject({ status: 409, code: "config.conflict" });
});
