import { describe, expect, it } from "vitest";
import { EuarError } from "../src/core/errors.js";
import * as data from "../src/data.js";
import { toyDataset } from "../src/data/testing/toy-dataset.js";
import * as onnx from "../src/export.js";
import * as metrics from "../src/metrics.js";
import * as models from "../src/models.js";
import * as tensor from "../src/tensor.js";

// Callers in JavaScript have no types. Whatever they give: an error with a code, and none of a deep line.

const entries = { data, metrics, tensor, models, onnx };
const junk = [undefined, null, 5, NaN, "text", true, {}, [], [undefined], [{}], (): number => 1, Symbol("x")];
/** Plain records without behaviour, and errors: they only store what they get. */
const records = ["Tensor", "Parameter", "ConfigError", "EuarError"];

type Called = (...values: unknown[]) => unknown;

function isCalled(value: unknown): value is Called {
  return typeof value === "function";
}

async function outcomeOf(called: Called, values: readonly unknown[]): Promise<string> {
  try {
    const isClass = Function.prototype.toString.call(called).startsWith("class ");
    await (isClass ? Reflect.construct(called, values) : called(...values));
    return "no error";
  } catch (error) {
    return error instanceof EuarError ? error.code : `raw: ${String(error)}`;
  }
}

const functions = Object.entries(entries).flatMap(([entry, members]) =>
  Object.entries<unknown>(members).flatMap(([name, value]) =>
    isCalled(value) && !records.includes(name) ? [[`euar/${entry} ${name}`, value] as const] : [],
  ),
);

describe("wrong types, one in all places", () => {
  it.each(functions)("%s", async (_, called) => {
    for (const wrong of junk)
      for (let count = 0; count <= 5; count++) {
        const outcome = await outcomeOf(called, Array<unknown>(count).fill(wrong));
        expect(outcome).not.toMatch(/^(raw|internal)/);
      }
  });

  it("is tried on every function of these entry points", () => {
    expect(functions.length).toBeGreaterThan(100);
  });
});

const toy = toyDataset();
const { test } = toy.splits;
const normaliser = data.fitNormaliser(toy.splits.train);
const backend = tensor.createReferenceBackend();
const tape = new tensor.Tape(backend);
const x = tape.constant([1, 2, 3, 4], [2, 2]);
const rows = tape.constant([1, 2, 3, 4], [1, 2, 2]);
const table = metrics.confusion([0, 1], [0, 1], 2);
const image = { width: 1, height: 1, rgb: new Uint8Array(3) };

const sample = { features: { text: [0.1, 0.9] }, label: 0.8 };
const splits = { train: [sample, { ...sample, label: -1 }], valid: [sample], test: [sample] };
const samples = { name: "mine", splits, targets: ["joy"], task: "regression", notes: ["made here"] };

/** Calls that are right. */
const calls: readonly (readonly [Called, readonly unknown[]])[] = [
  [data.assembleBatch, [test, [0, 1], { modalities: ["text"], labels: true }]],
  [data.corruptSplit, [test, [{ kind: "gaussian", amount: 1 }], { seed: 1, normaliser }]],
  [data.showCorruption, [{ kind: "gaussian", amount: 1, modality: "text" }]],
  [data.addImageNoise, [image, "gaussian/clean", 0.5, { seed: 1, id: "a" }]],
  [data.parseDamage, ["audio=babble:0.6@0.2-0.8"]],
  [data.showDamage, [{ modality: "text", kind: "typos", severity: [0.1, 0.2] }]],
  [
    data.damageMedium,
    [
      data.textDamages,
      { medium: { text: "so it is" } },
      [{ kind: "typos", severity: 0.3 }],
      { seed: 1, modality: "text", id: "a" },
    ],
  ],
  [data.blankWords, ["so it is", "blank/clean", 0.5, { seed: 1, id: "a" }]],
  [data.datasetFromSamples, [samples, { range: [-3, 3], modalities: ["text"] }]],
  [data.outputsOf, [toy.task]],
  [data.fitNormaliser, [test, { kind: "zscore", clip: 5, keep: ["text"] }]],
  [data.normaliseSplit, [test, normaliser]],
  [data.normaliseDataset, [toy, normaliser]],
  [data.selectModalities, [toy, ["text"]]],
  [data.modalitySubsets, [["text", "audio"]]],
  [data.generateSynthetic, [{ seed: 2, sizes: { train: 3, valid: 2, test: 2 }, unseen: "noise" }]],
  [
    metrics.auilc,
    [
      [0, 1],
      [1, 0.5],
    ],
  ],
  [metrics.expectedCalibrationError, [[0.2, 0.8, 0.6, 0.4], Int32Array.of(1, 0), 5]],
  [metrics.classScore, [[0.2, 0.8], 1]],
  [metrics.classSet, [Float64Array.of(0.2, 0.8), 0.5]],
  [metrics.conformalQuantile, [[1, 2, 3], 0.5]],
  [metrics.accuracy, [table]],
  [metrics.confusion, [Int32Array.of(0, 1), { length: 2, 0: 0, 1: 1 }, 2]],
  [
    metrics.multiTargetMetrics,
    [
      [1, 2, 3, 4],
      [1, 2, 3, 5],
      ["joy", "anger"],
    ],
  ],
  [metrics.neighbourAgreement, [[0, 0, 1, 1, 2, 2, 3, 3], 2, ["a", "b", "a", "b"], 2]],
  [metrics.krippendorffAlpha, [[["a", "b"], ["a"]], "nominal"]],
  [metrics.riskCoveragePoints, [[1, 2, 3], [1, 2, 3], 2]],
  [metrics.severityBins, [[{ kind: "noise", severity: 1, uncertainty: 2 }], 2]],
  [metrics.sentimentMetrics, [[1, -1, 2], [1, -1, 2], 3]],
  [metrics.tsne, [Float64Array.from({ length: 20 }, (_, i) => i * i), 2, { iterations: 2, perplexity: 2 }]],
  [tensor.add, [tape, x, x]],
  [tensor.sum, [tape, x, 0, true]],
  [tensor.reshape, [tape, x, [4]]],
  [tensor.concat, [tape, [x, x], 0]],
  [tensor.slice, [tape, x, 0, 0, 1]],
  [tensor.matmul, [tape, x, x, { transposeB: true }]],
  [tensor.attention, [tape, rows, rows, rows, { heads: 1 }]],
  [tensor.crossEntropy, [tape, x, [0, 1]]],
  [tensor.linear, [tape, x, x, tape.constant([0, 0], [2])]],
  [tensor.packingOf, [tape, [0, 1, 2]]],
  [tensor.poolRows, [tape, x, [1, 1], tensor.packingOf(tape, [0, 1, 2])]],
  [models.resolveModelConfig, ["linear", {}, undefined]],
  [models.createModel, ["linear", { task: toy.task, modalities: toy.modalities }, {}, backend, 1]],
] as readonly (readonly [Called, readonly unknown[]])[];

describe("wrong types, one argument at a time", () => {
  it.each(calls.map(([called, values], i) => [i, called, values] as const))(
    "call %i",
    async (_, called, values) => {
      expect(await outcomeOf(called, values)).toBe("no error");
      for (let place = 0; place < values.length; place++)
        for (const wrong of junk) {
          const outcome = await outcomeOf(called, values.with(place, wrong));
          expect([place, typeof wrong, outcome]).not.toContainEqual(
            expect.stringMatching(/^(raw|internal)/) as string,
          );
        }
    },
  );

  it("names the function, the argument and the given value", async () => {
    const wrong = "7" as never;
    expect(() => metrics.pearson([1, 2], wrong)).toThrow(
      "pearson, argument 2 must be an array of numbers, got string 7",
    );
    expect(() => tensor.add(tape, x, wrong)).toThrow("add, argument 3 must be a tensor, got string 7");
    expect(() => data.selectModalities(wrong, ["text"])).toThrow(
      "selectModalities, argument 1: a data set was expected, got string 7",
    );
    for (const misfit of [
      () => metrics.classScore([0.5, 0.5], 2),
      () => metrics.neighbourAgreement([1, 2, 3], 2, ["a", "b"]),
      () => metrics.expectedCalibrationError([0.5, NaN], [1]),
      () => metrics.expectedCalibrationError([0.5, 0.5, 1], [1, 0]),
      () => metrics.accuracy({ classes: 3, counts: new Float64Array(4), samples: 4 }),
      () => metrics.tsne(new Float32Array(9), 2),
    ])
      expect(misfit).toThrow(expect.objectContaining({ code: "data.width-mismatch" }));
    const typo = { sed: 1 } as never;
    expect(() => data.generateSynthetic(typo)).toThrow('generateSynthetic, argument 1 has no option "sed"');
    await expect(tensor.createWasmBackend({ maximumPages: wrong })).rejects.toThrow(/maximumPages/);
    expect(() => metrics.pearson([1, 2], [1])).toThrow(
      expect.objectContaining({ code: "data.width-mismatch" }),
    );
    expect(() => data.assembleBatch(test, [0], { modalities: ["constructor"] })).toThrow(
      expect.objectContaining({ code: "data.unknown-modality" }),
    );
  });
});
