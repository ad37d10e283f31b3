import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { defined } from "../core/defined.js";
import type { Dataset } from "../data/dataset.js";
import { selectModalities } from "../data/select-modalities.js";
import { damagedToy } from "../data/testing/damaged-toy.js";
import { evaluate } from "../evaluate/evaluate.js";
import { defineAdapter } from "../features/adapter.js";
import type { TextMedia } from "../features/media.js";
import { qualityOf } from "../features/quality.js";
import { registerAdapter } from "../features/registry.js";
import type { ModelChoice } from "../models/registry.js";
import { train } from "../train/train.js";
import { Predictor } from "./predictor.js";

const WIDTH = 6;

/** Gives every text the same features. A text with question marks has a problem. */
const constant = defineAdapter({
  id: "text/constant",
  kind: "text",
  summary: "the same features for every text",
  packages: [],
  options: z.strictObject({}),
  create: () =>
    Promise.resolve({
      identity: { adapter: "text/constant", version: 1, packages: {}, options: {}, width: WIDTH },
      extract: ({ text }: TextMedia) =>
        Promise.resolve({
          steps: 1,
          width: WIDTH,
          sequence: new Float32Array(WIDTH).fill(0.5),
          times: new Float64Array(2),
          mask: Uint8Array.of(1),
          quality: qualityOf(
            {},
            text.includes("?") ? [{ code: "text.unknown", severity: 0.5, message: "it is doubtful" }] : [],
          ),
        }),
      close: () => undefined,
    }),
});
registerAdapter(constant);

/** The toy data set with texts of that adapter, and its measures of quality. */
function textToy(): Dataset {
  const toy = selectModalities(damagedToy(), ["text"]);
  const names = ["score", "text.unknown"];
  const renamed = <Part extends { readonly quality?: Dataset["splits"]["train"]["quality"] }>(
    part: Part,
  ): Part => ({ ...part, quality: { text: { names, values: defined(part.quality?.["text"]).values } } });
  const { train, valid, test } = toy.splits;
  return {
    ...toy,
    modalities: toy.modalities.map((info) => ({ ...info, quality: names })),
    splits: { train: renamed(train), valid: renamed(valid), test: renamed(test) },
    copies: renamed(defined(toy.copies)),
    features: {
      text: { adapter: "text/constant", version: 1, packages: {}, options: {}, width: WIDTH },
    },
  };
}

const models: readonly ModelChoice[] = [
  { name: "linear", config: { inputQuality: true } },
  {
    name: "euar",
    config: { hidden: 6, head: [6], experts: { count: 2, topK: 2 }, awareness: { quality: true } },
  },
];

describe.each(models)("a trained $name that reads measured quality", (model) => {
  const folder = mkdtempSync(join(tmpdir(), "euar-quality-"));
  const dataset = textToy();
  let predictor: Predictor;

  beforeAll(async () => {
    const options = { epochs: 4, learningRate: 0.05, copies: ["raw"] };
    await train({ model, train: options, out: join(folder, "run") }, dataset);
    predictor = await Predictor.load(join(folder, "run"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test("scores raw media with the quality that the adapter measured", async () => {
    const [clean, doubtful] = await Promise.all(
      ["fine", "fine?"].map((text) => predictor.predictMedia({ text })),
    );
    expect(doubtful?.prediction).not.toBe(clean?.prediction);
    const measures = Float32Array.of(0.5, 0.5);
    const { test: split } = dataset.splits;
    const row = (quality: Float32Array): Dataset => ({
      ...dataset,
      splits: {
        ...dataset.splits,
        test: {
          ...split,
          size: 1,
          ids: ["one"],
          labels: new Float32Array(1),
          modalities: {
            text: {
              width: WIDTH,
              steps: 1,
              values: new Float32Array(WIDTH).fill(0.5),
              mask: Uint8Array.of(1),
              present: Uint8Array.of(1),
            },
          },
          quality: { text: { names: ["score", "text.unknown"], values: quality } },
        },
      },
    });
    const { metrics } = await evaluate(predictor, row(measures));
    expect(metrics["MAE"]).toBeCloseTo(Math.abs(Number(doubtful?.prediction)), 6);
  });

  test("refuses features without quality", () => {
    expect(() => predictor.predict({ text: [1, 2, 3, 4, 5, 6] })).toThrow(
      /reads the measured quality of "text", but the samples have none/,
    );
  });
});
