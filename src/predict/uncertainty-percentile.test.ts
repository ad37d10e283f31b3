import { describe, expect, it } from "vitest";
import { exp, log } from "../core/math.js";
import { normalAt, randomKey } from "../core/random.js";
import { calibrationOf, calibrationTensors } from "../runs/calibration-file.js";
import { uncertaintyPercentile } from "./calibration.js";
import { fitCalibration } from "./fit-calibration.js";
import { outputsOf, regression, splitOf } from "./testing/split-outputs.js";

describe("the percentile of an uncertainty", () => {
  const uncertainty = Float32Array.from({ length: 101 }, (_, i) => (i === 0 ? NaN : i));
  const calibration = fitCalibration(
    regression,
    splitOf(new Float32Array(101)),
    outputsOf(new Float32Array(101), 101, {
      diagnostics: { text: { uncertainty }, audio: { uncertainty: new Float32Array(101).fill(NaN) } },
    }),
  );
  it.each([
    [0, 0],
    [1, 0],
    [50.5, 0.5],
    [80.2, 0.8],
    [1e9, 1],
  ])("of %f among 1..100 is %f", (value, expected) => {
    expect(uncertaintyPercentile(calibration, "text", value)).toBeCloseTo(expected, 12);
  });
  it("follows an exponential tail of the logarithm above 0.8", () => {
    // quantiles of exp(excess) with an exponential excess of scale 0.3 in the upper fifth
    const quantile = (p: number): number => (p <= 0.8 ? p + 0.2 : exp(-0.3 * log((1 - p) / 0.2)));
    const size = 20_000;
    const values = Float32Array.from({ length: size }, (_, i) => quantile((i + 0.5) / size));
    const fitted = fitCalibration(
      regression,
      splitOf(new Float32Array(size)),
      outputsOf(new Float32Array(size), size, { diagnostics: { text: { uncertainty: values } } }),
    );
    for (const p of [0.81, 0.9, 0.98]) {
      const rarity = (1 - (uncertaintyPercentile(fitted, "text", quantile(p)) ?? NaN)) / (1 - p);
      expect(Math.abs(log(rarity))).toBeLessThan(0.3);
    }
  });
  it("keeps the stated share of clean samples from 24 samples, where the largest one does not", () => {
    const key = randomKey(5, "tail");
    const draws = 400;
    let [tail, largest] = [0, 0];
    for (let draw = 0; draw < draws; draw++) {
      const own = Float32Array.from({ length: 24 }, (_, i) => exp(0.5 * normalAt(key, 25 * draw + i)));
      const fitted = fitCalibration(
        regression,
        splitOf(new Float32Array(24)),
        outputsOf(new Float32Array(24), 24, { diagnostics: { text: { uncertainty: own } } }),
      );
      const fresh = exp(0.5 * normalAt(key, 25 * draw + 24));
      if ((uncertaintyPercentile(fitted, "text", fresh) ?? NaN) >= 1 - 0.05 / 3) tail += 1;
      if (fresh >= Math.max(...own)) largest += 1;
    }
    expect(largest / draws).toBeGreaterThan(0.03);
    expect(tail / draws).toBeLessThan(0.03);
    expect(tail / draws).toBeGreaterThan(0.005);
  });
  it("counts only the samples that have the modality", () => {
    const few = (own: number, all: number): number | null => {
      const values = Float32Array.from({ length: all }, (_, i) => (i < own ? exp(i / own) : NaN));
      const fitted = fitCalibration(
        regression,
        splitOf(new Float32Array(all)),
        outputsOf(new Float32Array(all), all, { diagnostics: { text: { uncertainty: values } } }),
      );
      return uncertaintyPercentile(fitted, "text", exp(1.5));
    };
    expect(few(30, 300)).toBe(few(30, 30));
    expect(few(30, 300)).toBeLessThan(few(300, 300) ?? NaN);
    expect(few(19, 300)).toBeNull();
  });
  it("is stored with the number of samples that have the modality", () => {
    const stored = new Map(calibrationTensors(calibration));
    expect(calibration.uncertaintySamples).toEqual({ text: 100 });
    expect(calibrationOf(stored, regression, ["text", "audio"], "a file")).toEqual(calibration);
  });
  it("interpolates if four fifths of the samples have no uncertainty", () => {
    const values = Float32Array.from({ length: 101 }, (_, i) => Math.max(0, i - 90));
    const fitted = fitCalibration(
      regression,
      splitOf(new Float32Array(101)),
      outputsOf(new Float32Array(101), 101, { diagnostics: { text: { uncertainty: values } } }),
    );
    expect(uncertaintyPercentile(fitted, "text", 4)).toBeCloseTo(0.94, 12);
    expect(uncertaintyPercentile(fitted, "text", 99)).toBe(1);
  });
  it("is at most 0.8 for samples that all have the same uncertainty, and 1 above them", () => {
    const same = fitCalibration(
      regression,
      splitOf(new Float32Array(30)),
      outputsOf(new Float32Array(30), 30, {
        diagnostics: { text: { uncertainty: new Float32Array(30).fill(2) } },
      }),
    );
    expect(uncertaintyPercentile(same, "text", 2)).toBe(0.8);
    expect(uncertaintyPercentile(same, "text", 3)).toBe(1);
  });
  it("is unknown without data", () => {
    expect(uncertaintyPercentile(calibration, "audio", 3)).toBeNull();
    expect(uncertaintyPercentile(calibration, "constructor", 3)).toBeNull();
    expect(uncertaintyPercentile(calibration, "text", null)).toBeNull();
    expect(uncertaintyPercentile(undefined, "text", 3)).toBeNull();
  });
});
