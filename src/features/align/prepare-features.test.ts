import { describe, expect, it } from "vitest";
import type { ExtractedFeatures } from "../feature-extractor.js";
import { alignToWords, prepareFeatures, resampleUniform } from "./prepare-features.js";

const quality = { score: 1, measures: {}, problems: [] };

/** Features with one value per step. Consecutive steps last `length` seconds each. */
function features(values: readonly number[], mask = values.map(() => 1), length = 0.1): ExtractedFeatures {
  const times = Float64Array.from(values.flatMap((_, t) => [t * length, (t + 1) * length]));
  return {
    steps: values.length,
    width: 1,
    sequence: Float32Array.from(values),
    times,
    mask: Uint8Array.from(mask),
    quality,
  };
}

const word = (start: number, end: number): { text: string; start: number; end: number } => ({
  text: "w",
  start,
  end,
});

describe("alignToWords", () => {
  it("takes the mean over the usable steps of each word", () => {
    const aligned = alignToWords(features([1, 2, 3, 4, 5, 6], [1, 1, 0, 1, 1, 1]), [
      word(0, 0.2),
      word(0.2, 0.4),
      word(0.41, 0.59),
    ]);
    expect(Array.from(aligned.sequence)).toEqual([1.5, 4, 5.5]);
    expect(Array.from(aligned.mask)).toEqual([1, 1, 1]);
    expect(Array.from(aligned.times)).toEqual([0, 0.2, 0.2, 0.4, 0.41, 0.59]);
  });

  it("masks a word without a usable step", () => {
    const aligned = alignToWords(features([1, 2, 3, 4], [1, 0, 0, 1]), [word(0.1, 0.3), word(0.3, 0.4)]);
    expect(Array.from(aligned.mask)).toEqual([0, 1]);
    expect(Array.from(aligned.sequence)).toEqual([0, 4]);
  });

  it("takes the nearest step for a word without one: beyond the clip, or between two instants", () => {
    expect(Array.from(alignToWords(features([1, 2, 3]), [word(0, 0.1), word(5, 6)]).sequence)).toEqual([
      1, 3,
    ]);
    const frames = { ...features([1, 2, 3]), times: Float64Array.of(0, 0, 0.2, 0.2, 0.4, 0.4) };
    expect(
      Array.from(
        alignToWords(frames, [word(0.01, 0.05), word(0.17, 0.19), word(0.19, 0.21), word(0.35, 0.5)])
          .sequence,
      ),
    ).toEqual([1, 2, 2, 3]);
  });

  it("handles words that overlap each other", () => {
    expect(
      Array.from(
        alignToWords(features([1, 2, 3, 4]), [word(0, 0.4), word(0.1, 0.2), word(0.3, 0.4)]).sequence,
      ),
    ).toEqual([2.5, 2, 4]);
  });

  it("does not repeat features with a single step, such as a whole sentence", () => {
    const sentence = features([7]);
    expect(alignToWords(sentence, [word(0, 0.05), word(0.05, 0.1)])).toBe(sentence);
  });

  it("does not change features without times", () => {
    const image = { ...features([7, 8]), times: new Float64Array(4) };
    expect(alignToWords(image, [word(0, 1), word(1, 2)])).toBe(image);
  });
});

describe("resampleUniform", () => {
  it("divides the steps into equal spans", () => {
    const short = resampleUniform(features([1, 2, 3, 4, 5]), 2);
    expect(Array.from(short.sequence)).toEqual([1.5, 4]);
    expect(Array.from(short.times)).toEqual([0, 0.2, 0.2, 0.5]);
  });

  it("masks unusable steps and invents nothing", () => {
    const short = resampleUniform(features([1, 2, 3, 4], [0, 0, 1, 0]), 2);
    expect([Array.from(short.sequence), Array.from(short.mask)]).toEqual([
      [0, 3],
      [0, 1],
    ]);
    const own = features([1, 2]);
    expect(resampleUniform(own, 5)).toBe(own);
    expect(() => resampleUniform(own, 0)).toThrow(RangeError);
  });
});

describe("prepareFeatures", () => {
  const steps = features([1, 2, 3, 6]);

  it("aligns, then pools", () => {
    const prepare = (
      align: "word" | "uniform" | "none",
      pool: "mean" | "none",
      words = [word(0, 0.1), word(0.3, 0.4)],
    ): number[] => Array.from(prepareFeatures(steps, { align, steps: 2, pool, fps: null }, words).sequence);
    expect(prepare("none", "none")).toEqual([1, 2, 3, 6]);
    expect(prepare("none", "mean")).toEqual([3]);
    expect(prepare("word", "mean")).toEqual([3.5]);
    expect(prepare("uniform", "none")).toEqual([1.5, 4.5]);
    expect(prepare("word", "none", [])).toEqual([1.5, 4.5]); // no words are known
  });

  it("keeps an input absent that is", () => {
    expect(
      Array.from(
        prepareFeatures(features([1, 2], [0, 0]), { align: "none", steps: null, pool: "mean", fps: null })
          .mask,
      ),
    ).toEqual([0]);
  });
});
