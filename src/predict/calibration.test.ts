import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { log } from "../core/math.js";
import { normalAt, randomKey, uniformAt } from "../core/random.js";
import type { Split } from "../data/dataset.js";
import { softmax } from "./calibration.js";
import { fitCalibration } from "./fit-calibration.js";
import { Predictor } from "./predictor.js";
import { evaluate } from "../evaluate/evaluate.js";
import type { SplitOutputs } from "./forward-split.js";
import { Intervals } from "./intervals.js";
import { outputsOf, regression, splitOf } from "./testing/split-outputs.js";
import { readSafetensors, type StoredTensor, writeSafetensors } from "../runs/safetensors.js";
import { toyDataset } from "../data/testing/toy-dataset.js";
import { train, type TrainedRun } from "../train/train.js";

const sizes = { train: 96, valid: 120, test: 300 };
const folder = mkdtempSync(join(tmpdir(), "euar-calibration-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("intervals of a regression", () => {
  const key = randomKey(3, "calibration");
  /** Labels 0 +- noise whose scale is `spread` times 1, 2 or 3. */
  function noisy(size: number, salt: number, told: boolean): [Split, SplitOutputs] {
    const scale = Float32Array.from({ length: size }, (_, i) => 1 + (i % 3));
    const labels = Float32Array.from(scale, (s, i) => s * normalAt(key, salt + i));
    return [splitOf(labels), outputsOf(new Float32Array(size), size, told ? { spread: scale } : {})];
  }
  function coverage(
    intervals: Intervals,
    [split, outputs]: [Split, SplitOutputs],
    rows = (i: number) => i >= 0,
  ): number {
    const inside = Array.from(split.labels, (label, i) => {
      const interval = intervals.around(outputs.prediction[i] ?? NaN, outputs.spread?.[i] ?? 0, 0);
      return interval !== null && interval.low <= label && label <= interval.high;
    }).filter((_, i) => rows(i));
    return inside.filter(Boolean).length / inside.length;
  }

  it.each([[true], [false]])(
    "hold about nine truths in ten, whether the model tells its spread (%s) or not",
    (told) => {
      const intervals = new Intervals(fitCalibration(regression, ...noisy(600, 0, told)), 0.9);
      expect(coverage(intervals, noisy(3000, 10_000, told))).toBeGreaterThan(0.87);
      expect(coverage(intervals, noisy(3000, 10_000, told))).toBeLessThan(0.93);
    },
  );

  it("follow a spread that is true: the noisy third is covered better than by intervals of one width", () => {
    const noisiest = (i: number): boolean => i % 3 === 2;
    const cover = (told: boolean): number =>
      coverage(
        new Intervals(fitCalibration(regression, ...noisy(600, 0, told)), 0.9),
        noisy(3000, 10_000, told),
        noisiest,
      );
    expect(cover(false)).toBeLessThan(0.85);
    expect(cover(true)).toBeGreaterThan(cover(false) + 0.02);
  });

  it("are wider at a higher level, of one width without spread, null for too few samples", () => {
    const calibration = fitCalibration(regression, ...noisy(60, 0, false));
    const width = (level: number): number => {
      const interval = new Intervals(calibration, level).around(5, 0, 0);
      if (!interval) throw new Error("there is an interval at this level");
      expect((interval.low + interval.high) / 2).toBeCloseTo(5, 12);
      return interval.high - interval.low;
    };
    expect(width(0.95)).toBeGreaterThan(width(0.5));
    expect(new Intervals(calibration, 0.99).around(5, 0, 0)).toBeNull();
  });
});

describe("probabilities of classes", () => {
  const key = randomKey(8, "classes");
  const size = 400;
  /** Labels drawn from softmax(z), but the model says `heat` z. */
  function drawn(heat: number): { readonly logits: Float32Array; readonly labels: Float32Array } {
    const z = Float32Array.from({ length: size * 3 }, (_, i) => 1.5 * normalAt(key, i));
    const labels = Float32Array.from({ length: size }, (_, row) => {
      const p = softmax(z.subarray(row * 3, row * 3 + 3));
      const u = uniformAt(key, 100_000 + row);
      return u < (p[0] ?? 0) ? 0 : u < (p[0] ?? 0) + (p[1] ?? 0) ? 1 : 2;
    });
    return { logits: z.map((value) => heat * value), labels };
  }
  const task = { kind: "classification", classes: ["a", "b", "c"] } as const;
  function temperatureOf(heat: number): number {
    const { logits, labels } = drawn(heat);
    const { outputs } = fitCalibration(task, splitOf(labels), outputsOf(logits, size));
    if (outputs.kind !== "classification") throw new Error("a classification has a temperature");
    return outputs.temperature;
  }

  it("get the temperature that undoes overconfidence: 3 times the logits, 3 times T", () => {
    expect(temperatureOf(1)).toBeCloseTo(1, 0);
    expect(temperatureOf(3) / temperatureOf(1)).toBeCloseTo(3, 4);
  });

  it("have the least cross-entropy at that temperature", () => {
    const { logits, labels } = drawn(2);
    const loss = (temperature: number): number =>
      Array.from(labels).reduce(
        (sum, label, row) =>
          sum - log(softmax(logits.subarray(row * 3, row * 3 + 3), temperature)[label] ?? NaN),
        0,
      );
    const best = temperatureOf(2);
    expect(loss(best)).toBeLessThan(loss(best * 1.01));
    expect(loss(best)).toBeLessThan(loss(best / 1.01));
  });

  it("stop at the bounds if every sample is right, or wrong", () => {
    const logits = Float32Array.of(2, 0, 0, 0, 2, 0);
    const temperature = (labels: Float32Array): number => {
      const { outputs } = fitCalibration(task, splitOf(labels), outputsOf(logits, 2));
      return outputs.kind === "classification" ? outputs.temperature : NaN;
    };
    expect(temperature(Float32Array.of(0, 1))).toBeCloseTo(1 / 64, 6);
    expect(temperature(Float32Array.of(1, 2))).toBeCloseTo(64, 6);
  });
});

describe("a trained run", () => {
  let run: TrainedRun;
  const data = toyDataset({ sizes });
  const weights = join(folder, "run", "weights.safetensors");
  beforeAll(async () => {
    run = await train(
      {
        model: { name: "euar", config: { hidden: 8, experts: { count: 4 }, head: [8] } },
        train: { epochs: 6, learningRate: 5e-3 },
        out: join(folder, "run"),
      },
      data,
    );
  });

  it("states intervals with their coverage on the test split, as evaluation does", async () => {
    expect(run.coverage).toMatchObject({ level: 0.9, samples: 300 });
    expect(run.coverage?.coverage).toBeGreaterThan(0.82);
    expect(run.coverage?.coverage).toBeLessThan(0.97);
    expect(run.coverage?.byUncertainty?.map(({ samples }) => samples)).toEqual([100, 100, 100]);
    expect((await evaluate(run.model, data)).coverage).toEqual(run.coverage);
    const half = (await evaluate(run.model, data, { level: 0.5 })).coverage;
    expect(half?.coverage).toBeGreaterThan(0.38);
    expect(half?.coverage).toBeLessThan(0.62);
    expect(half?.meanSize).toBeLessThan(run.coverage?.meanSize ?? NaN);
  });

  it("gives the same intervals and percentiles from its file", async () => {
    const sample = { text: [1, -1, 1, -1, 1, -1], audio: [1, 0, 0, 1] };
    const prediction = run.model.predict(sample);
    expect(prediction.level).toBe(0.9);
    expect(prediction.interval).toMatchObject({
      low: expect.any(Number) as number,
      high: expect.any(Number) as number,
    });
    expect(prediction.modalities["text"]?.percentile).toBeGreaterThanOrEqual(0);
    expect((await Predictor.load(weights)).predict(sample)).toEqual(prediction);
    const wide = run.model.predict(sample, { level: 0.95 });
    const [a, b] = [wide.interval, prediction.interval].map(
      (interval) => (interval as { high: number }).high,
    );
    expect(a).toBeGreaterThan(b ?? NaN);
    expect(() => run.model.predict(sample, { level: 1 })).toThrow(
      expect.objectContaining({ code: "config.invalid" }) as Error,
    );
  });

  it("loads from a file without calibration, and then gives no intervals", async () => {
    const { tensors, metadata } = readSafetensors(readFileSync(weights), "weights");
    const older = new Map([...tensors].filter(([name]) => !name.startsWith("calibration:")));
    const model = await Predictor.fromWeights(writeSafetensors({ tensors: older, metadata }));
    expect(model.predict({ text: [1, 2, 3, 4, 5, 6] })).toMatchObject({
      level: null,
      interval: null,
      modalities: { text: { percentile: null } },
    });
    expect((await evaluate(model, data)).coverage).toBeUndefined();
  });

  it.each<[string, string, StoredTensor, RegExp]>([
    ["NaN", "calibration:scores", { shape: [1, 2], values: Float64Array.of(NaN, 1) }, /finite/],
    ["disorder", "calibration:scores", { shape: [1, 2], values: Float64Array.of(2, 1) }, /ascending/],
    ["a negative score", "calibration:scores", { shape: [1, 1], values: Float64Array.of(-1) }, /at least 0/],
    ["integers", "calibration:scores", { shape: [1], values: Int32Array.of(1) }, /finite numbers/],
    ["no floor", "calibration:floors", { shape: [0], values: new Float64Array(0) }, /0 values, expected 1/],
    ["a floor of 0", "calibration:floors", { shape: [1], values: Float64Array.of(0) }, /positive/],
    [
      "a short table",
      "calibration:uncertainty/text",
      { shape: [1], values: Float64Array.of(1) },
      /1 values, expected 101/,
    ],
  ])("refuses a calibration with %s", async (_, name, tensor, message) => {
    const { tensors, metadata } = readSafetensors(readFileSync(weights), "weights");
    const changed = writeSafetensors({ tensors: new Map([...tensors, [name, tensor]]), metadata });
    await expect(Predictor.fromWeights(changed)).rejects.toMatchObject({
      code: "checkpoint.format",
      message: expect.stringMatching(message) as string,
    });
  });

  it("has one width for the linear model, sets for classes, an interval for each target", async () => {
    const linear = await train({ model: { name: "linear" }, train: { epochs: 2 } }, data);
    const widths = [{ text: [1, 2, 3, 4, 5, 6] }, { text: [0, 0, 0, 0, 0, 1], audio: [9, 9, 9, 9] }].map(
      (sample) => {
        const interval = linear.model.predict(sample).interval as { low: number; high: number };
        return interval.high - interval.low;
      },
    );
    expect(widths[0]).toBeCloseTo(widths[1] ?? NaN, 12);
    expect(linear.coverage?.byUncertainty).toBeUndefined();

    const classes = await train(
      { model: { name: "euar", config: { hidden: 8, experts: { count: 4 } } }, train: { epochs: 4 } },
      toyDataset({ sizes, task: "classification" }),
    );
    expect(classes.coverage?.coverage).toBeGreaterThan(0.84);
    expect(classes.coverage?.calibrationError).toMatchObject({
      before: expect.any(Number) as number,
      after: expect.any(Number) as number,
    });
    const { prediction, classSet } = classes.model.predict({ text: [3, -3, 3, -3, 3, -3] });
    expect(classSet?.[0]).toBe(prediction);

    const two = await train(
      { model: { name: "euar", config: { hidden: 8, experts: { count: 4 } } }, train: { epochs: 2 } },
      toyDataset({ sizes, task: "two-targets" }),
    );
    expect(Object.keys(two.coverage?.byTarget ?? {})).toEqual(["joy", "anger"]);
    expect(Object.keys(two.model.predict({ text: [1, 2, 3, 4, 5, 6] }).interval ?? {})).toEqual([
      "joy",
      "anger",
    ]);
  });
});
