import { describe, expect, it } from "vitest";
import { randomKey, uniformAt } from "../core/random.js";
import { chooseMissing, chooseMissingAt, dropProbabilities, dropProbability } from "./random-missing.js";

const NAMES = ["text", "audio", "vision"];

function drawsOf(sample: number): Map<string, number> {
  return new Map(NAMES.map((name, m) => [name, uniformAt(randomKey(7, `sample/${sample}`), m)]));
}

describe("dropProbabilities", () => {
  it("solves p_m - P / M = r_m, by hand for two modalities", () => {
    // P = (0.2 + P / 2) (0.4 + P / 2), so P^2 - 2.8 P + 0.32 = 0 and P = 1.4 - sqrt(1.64)
    const all = 1.4 - Math.sqrt(1.64);
    const [text, audio] = dropProbabilities([0.2, 0.4]);
    expect(text).toBeCloseTo(0.2 + all / 2, 12);
    expect(audio).toBeCloseTo(0.4 + all / 2, 12);
  });

  it("equals the probability of equal rates, and a rate of 0 needs no correction", () => {
    for (const p of dropProbabilities([0.3, 0.3, 0.3])) expect(p).toBeCloseTo(dropProbability(0.3, 3), 12);
    expect(dropProbabilities([0.3, 0, 1])).toEqual([0.3, 0, 1]);
    expect(dropProbabilities([0.5])).toEqual([0]);
    for (const p of dropProbabilities([1, 1])) expect(p).toBeCloseTo(1, 12);
  });
});

describe("chooseMissingAt", () => {
  it("meets each rate, and every sample keeps a modality", () => {
    const rates = new Map([
      ["text", 0.3],
      ["audio", 0.5],
      ["vision", 0.7],
    ]);
    const counts = new Map(NAMES.map((name) => [name, 0]));
    const samples = 20_000;
    for (let n = 0; n < samples; n++) {
      const dropped = chooseMissingAt(drawsOf(n), rates);
      expect(dropped.length).toBeLessThan(3);
      for (const name of dropped) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    // 4 standard deviations of a share of 20,000 samples are at most 0.0142
    for (const [name, rate] of rates) expect((counts.get(name) ?? 0) / samples).toBeCloseTo(rate, 1.8);
  });

  it("chooses as chooseMissing does if the rates are equal", () => {
    const rates = new Map(NAMES.map((name) => [name, 0.6]));
    for (let n = 0; n < 500; n++)
      expect(chooseMissingAt(drawsOf(n), rates)).toEqual(chooseMissing(drawsOf(n), 0.6));
  });

  it("never removes a modality without a rate, nor the only one", () => {
    for (let n = 0; n < 100; n++) {
      expect(chooseMissingAt(drawsOf(n), new Map([["audio", 1]]))).toEqual(["audio"]);
      expect(chooseMissingAt(new Map([["audio", 0.5]]), new Map([["audio", 1]]))).toEqual([]);
    }
  });
});
