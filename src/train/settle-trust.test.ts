import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { mean } from "../core/averages.js";
import { defined } from "../core/defined.js";
import { normalAt, randomKey } from "../core/random.js";
import type { Dataset, Split, SplitName } from "../data/dataset.js";
import { toyDataset } from "../data/testing/toy-dataset.js";
import type { Prediction } from "../predict/prediction.js";
import { Predictor } from "../predict/predictor.js";
import { train, type TrainedRun } from "./train.js";

const folder = mkdtempSync(join(tmpdir(), "euar-trust-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The toy data set with an audio that tells nothing. */
function withNoise(valid = 40): Dataset {
  const plain = toyDataset({ sizes: { train: 96, valid, test: 48 } });
  const noisy = (name: SplitName): Split => {
    const split = plain.splits[name];
    const { audio } = split.modalities;
    if (!audio) return split;
    const key = randomKey(8, name);
    const values = audio.values.map((_, i) => normalAt(key, i));
    return { ...split, modalities: { ...split.modalities, audio: { ...audio, values } } };
  };
  return { ...plain, splits: { train: noisy("train"), valid: noisy("valid"), test: noisy("test") } };
}

const trained = (data: Dataset, trust: "all" | "informative", name?: string): Promise<TrainedRun> =>
  train(
    {
      model: {
        name: "euar",
        preset: "precision",
        config: { hidden: 8, trust, awareness: { ordering: null } },
      },
      train: { epochs: 30, batchSize: 16, copies: [] },
      ...(name !== undefined && { out: join(folder, name) }),
    },
    data,
  );

const named = (run: TrainedRun): string[] => run.warnings.filter((text) => text.includes("constant"));

/** Predictions of all modalities that a sample has, or of some. */
function scores(model: Predictor, { splits }: Dataset, names: readonly string[]): Prediction[] {
  const { test } = splits;
  // every fifth sample lacks the audio
  const rows = Array.from({ length: test.size }, (_, row) => row).filter((row) => row % 5 !== 4);
  return model.predictBatch(
    rows.map((row) =>
      Object.fromEntries(
        Object.entries(test.modalities).map(([name, { values, width }]) => [
          name,
          names.includes(name) ? [...values.subarray(row * width, (row + 1) * width)] : null,
        ]),
      ),
    ),
  );
}

function widthOf({ interval }: Prediction): number {
  const { low, high } = interval as { readonly low: number; readonly high: number };
  return high - low;
}

it("leaves out a modality that alone is no better than a constant, and says so", async () => {
  const data = withNoise();
  const run = await trained(data, "informative", "run");
  expect(named(run)).toEqual([expect.stringMatching(/^audio: alone it is no better than a constant/u)]);
  const values = (model: Predictor, ...names: string[]): unknown[] =>
    scores(model, data, names).map(({ prediction }) => prediction);
  const all = values(run.model, "text", "audio");
  expect(all).toEqual(values(run.model, "text"));
  const labels = data.splits.train.labels.toSorted();
  const middle = (labels.length - 1) / 2;
  const median = (defined(labels[Math.floor(middle)]) + defined(labels[Math.ceil(middle)])) / 2;
  for (const value of values(run.model, "audio")) expect(value).toBeCloseTo(median, 6);
  const wide = scores(run.model, data, ["audio"]).map((one) => widthOf(one));
  const narrow = scores(run.model, data, ["text"]).map((one) => widthOf(one));
  expect(new Set(wide).size).toBe(1);
  expect(wide[0]).toBeGreaterThan(mean(narrow));
  // an interval of 90% contains about nine tenths of the labels
  expect(wide[0]).toBeLessThan(2 * (defined(labels.at(-1)) - defined(labels[0])));
  const contributions = scores(run.model, data, ["text", "audio"]).map(
    ({ modalities }) => modalities["audio"]?.contribution,
  );
  expect(new Set(contributions)).toEqual(new Set([0]));
  const alone = scores(run.model, data, ["audio"]).map(({ modalities }) => modalities["audio"]?.contribution);
  expect(new Set(alone)).toEqual(new Set([0]));
  expect(values(await Predictor.load(join(folder, "run")), "text", "audio")).toEqual(all);
});

it("uses all modalities by option, if each is informative, and if too few samples can tell", async () => {
  const data = withNoise();
  const run = await trained(data, "all");
  expect(named(run)).toEqual([]);
  const [first] = scores(run.model, data, ["text", "audio"]);
  expect(first?.modalities["audio"]?.contribution).toBeGreaterThan(0);
  expect(
    named(await trained(toyDataset({ sizes: { train: 96, valid: 120, test: 48 } }), "informative")),
  ).toEqual([]);
  expect(named(await trained(withNoise(20), "informative"))).toEqual([]);
});
