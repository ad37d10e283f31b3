import { describe, expect, it } from "vitest";
import { glottalFeatureNames, glottalFeatures } from "./glottal-features.js";
import { median } from "./testing/analysed-voice.js";
import { syntheticVoice } from "./testing/synthetic-voice.js";

const width = glottalFeatureNames.length;
const voice = syntheticVoice({
  rd: 1,
  f0: (seconds) => 120 + 20 * Math.sin(8 * seconds),
  seconds: 0.6,
  noise: 0.001,
});
const features = glottalFeatures(voice.samples, voice.f0, voice.vuv);

/** Values of one feature in frames [from, to). */
function column(
  rows: Float64Array,
  name: (typeof glottalFeatureNames)[number],
  from: number,
  to: number,
): number[] {
  const c = glottalFeatureNames.indexOf(name);
  return Array.from({ length: to - from }, (_, i) => rows[(from + i) * width + c] ?? NaN);
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? NaN))), 0);
}

describe("glottalFeatures of a synthetic voice", () => {
  it("has COVAREP's names in its order", () => {
    expect(glottalFeatureNames).toEqual(["NAQ", "QOQ", "H1H2", "PSP", "MDQ", "peakSlope", "Rd", "Rd_conf"]);
    expect(features).toHaveLength(voice.f0.length * 8);
  });

  it("puts each feature into its column, near the values of the source", () => {
    const at = (name: (typeof glottalFeatureNames)[number]): number => median(column(features, name, 5, 55));
    expect(Math.abs(at("NAQ") - 0.11)).toBeLessThan(0.025);
    expect(Math.abs(at("QOQ") - 0.35)).toBeLessThan(0.06);
    expect(Math.abs(at("H1H2") - 3.9)).toBeLessThan(1.5);
    expect(at("PSP")).toBeGreaterThan(0.05);
    expect(at("PSP")).toBeLessThan(0.2);
    expect(at("MDQ")).toBeGreaterThan(0.03);
    expect(at("MDQ")).toBeLessThan(0.2);
    expect(at("peakSlope")).toBeLessThan(-0.2);
    expect(at("Rd")).toBeCloseTo(1, 0.9);
    expect(at("Rd_conf")).toBeGreaterThan(0.85);
  });

  it("orders all of them from tense to breathy", () => {
    const rows = [0.5, 1.1, 2.2].map((rd) =>
      glottalFeatures(
        syntheticVoice({ rd, f0: 110, seconds: 0.3, noise: 0.001 }).samples,
        voice.f0.slice(0, 31).fill(110),
        voice.vuv.slice(0, 31),
      ),
    );
    for (const name of glottalFeatureNames) {
      if (name === "Rd_conf") continue;
      const [tense, modal, breathy] = rows.map(
        (row) => median(column(row, name, 5, 26)) * (name === "peakSlope" ? -1 : 1),
      );
      expect([name, (tense ?? NaN) < (modal ?? NaN), (modal ?? NaN) < (breathy ?? NaN)]).toEqual([
        name,
        true,
        true,
      ]);
    }
  });

  it("hardly depends on the level: equal at half of it, and nearly so at a thousandth", () => {
    for (const [divisor, tolerance] of [
      [2, 1e-9],
      [1000, 1e-3],
    ] as const) {
      const quieter = voice.samples.map((value) => value / divisor);
      expect(largestDifference(glottalFeatures(quieter, voice.f0, voice.vuv), features)).toBeLessThan(
        tolerance,
      );
    }
  });

  it("has the same bits upside down", () => {
    expect(
      glottalFeatures(
        voice.samples.map((value) => -value),
        voice.f0,
        voice.vuv,
      ),
    ).toEqual(features);
  });

  it("is 0 in unvoiced frames and does not change its input", () => {
    const vuv = voice.vuv.map((_, t) => (t >= 20 && t < 40 ? 1 : 0));
    const before = voice.samples.slice();
    const rows = glottalFeatures(voice.samples, voice.f0, vuv);
    for (const name of glottalFeatureNames) {
      expect(column(rows, name, 0, 20).every((value) => value === 0)).toBe(true);
      expect(column(rows, name, 40, 61).every((value) => value === 0)).toBe(true);
      expect(column(rows, name, 20, 40).every((value) => value !== 0)).toBe(true);
    }
    expect(voice.samples).toEqual(before);
  });
});

describe("glottalFeatures of signals that are hardly a voice", () => {
  const noise = Float32Array.from({ length: 8000 }, (_, n) => Math.sin(n * n));
  const ones = (frames: number): Uint8Array => new Uint8Array(frames).fill(1);
  const at = (frames: number, hertz: number): Float64Array => new Float64Array(frames).fill(hertz);

  it.each([
    ["no samples", new Float32Array(0), at(3, 100), ones(3)],
    ["no frames", noise, at(0, 100), ones(0)],
    ["nothing at all", new Float32Array(0), at(0, 0), ones(0)],
    ["two samples", new Float32Array([1, -1]), at(1, 100), ones(1)],
    ["silence said to be voiced", new Float32Array(8000), at(50, 100), ones(50)],
    ["a constant", new Float32Array(8000).fill(0.5), at(50, 100), ones(50)],
    ["one click", new Float32Array(8000).fill(1, 4000, 4001), at(50, 100), ones(50)],
    ["noise, lowest voice", noise, at(50, 50), ones(50)],
    ["noise, highest voice", noise, at(50, 500), ones(50)],
    ["one voiced frame", noise, at(50, 100), ones(50).map((_, t) => (t === 25 ? 1 : 0))],
    ["less than a period", noise.slice(0, 100), at(1, 60), ones(1)],
    ["more frames than samples", noise.slice(0, 800), at(50, 100), ones(50)],
    ["a square wave at full scale", noise.map((_, n) => (n % 160 < 80 ? 1 : -1)), at(50, 100), ones(50)],
    ["the largest numbers", noise.map((value) => Math.sign(value) * 3e38), at(50, 100), ones(50)],
    ["the smallest numbers", noise.map((value) => Math.sign(value) * 1e-45), at(50, 100), ones(50)],
  ])("%s: finite", (_, samples, f0, vuv) => {
    const rows = glottalFeatures(samples, f0, vuv);
    expect(rows).toHaveLength(vuv.length * 8);
    expect(rows.findIndex((value) => !Number.isFinite(value))).toBe(-1);
  });

  it.each([0, 49.9, 500.1, -100, NaN, Infinity, 1e-9])("does not treat an F0 of %d Hz as voice", (hertz) => {
    expect(glottalFeatures(noise, at(50, hertz), ones(50)).every((value) => value === 0)).toBe(true);
  });

  it("has no voice, no features", () => {
    expect(glottalFeatures(noise, at(50, 100), new Uint8Array(50)).every((value) => value === 0)).toBe(true);
  });

  it("refuses samples that are not finite, and tracks of different lengths", () => {
    const broken = noise.slice();
    broken[17] = NaN;
    expect(() => glottalFeatures(broken, at(50, 100), ones(50))).toThrow("got NaN at sample 17");
    expect(() => glottalFeatures(noise, at(50, 100), ones(49))).toThrow("got 50 and 49");
  });
});
