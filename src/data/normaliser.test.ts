import { describe, expect, it } from "vitest";
import type { ModalityTable, Split } from "./dataset.js";
import { fitNormaliser, normaliseSplit } from "./normaliser.js";

function splitOf(table: ModalityTable): Split {
  const size = table.present.length;
  return {
    name: "train",
    size,
    ids: Array.from({ length: size }, String),
    modalities: { audio: table },
    labels: new Float32Array(size),
  };
}

/**
 * Two samples of three steps, two features; the first is left-padded by one step, the third sample is absent.
 */
const sequences: ModalityTable = {
  width: 2,
  steps: 3,
  values: Float32Array.of(0, 0, 1, 5, 3, 5, 5, 5, 7, 5, 9, 5, 99, 99, 99, 99, 99, 99),
  mask: Uint8Array.of(0, 1, 1, 1, 1, 1, 1, 1, 1),
  present: Uint8Array.of(1, 1, 0),
};

describe("fitNormaliser", () => {
  it("counts real steps of present samples only, with the population deviation", () => {
    const { mean, std } = fitNormaliser(splitOf(sequences)).modalities["audio"] ?? { mean: [], std: [] };
    expect(mean).toEqual([5, 5]);
    expect(std[0]).toBeCloseTo(Math.sqrt(8), 12); // values 1, 3, 5, 7, 9
  });

  it("gives a constant feature the deviation 1, even if rounding gives it a tiny spread", () => {
    const values = Float32Array.from({ length: 300 }, (_, i) => 0.1 + (i % 2) * 1e-9);
    const table = {
      width: 1,
      steps: 1,
      values,
      mask: new Uint8Array(300).fill(1),
      present: new Uint8Array(300).fill(1),
    };
    expect(fitNormaliser(splitOf(table)).modalities["audio"]?.std).toEqual([1]);
  });

  it("survives a round trip through JSON bit for bit", () => {
    const normaliser = fitNormaliser(splitOf(sequences));
    const again = JSON.parse(JSON.stringify(normaliser)) as typeof normaliser;
    expect(normaliseSplit(splitOf(sequences), again)).toEqual(normaliseSplit(splitOf(sequences), normaliser));
  });
});

describe("normaliseSplit", () => {
  const split = splitOf(sequences);

  it("standardises real steps and leaves 0 elsewhere", () => {
    const values = normaliseSplit(split, fitNormaliser(split)).modalities["audio"]?.values ?? [];
    expect(Array.from(values.slice(0, 2))).toEqual([0, 0]);
    expect(values[2]).toBeCloseTo(-4 / Math.sqrt(8), 6);
    expect(values[10]).toBeCloseTo(4 / Math.sqrt(8), 6);
    expect(Array.from(values.slice(12))).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("does not change the original", () => {
    const before = sequences.values.slice();
    normaliseSplit(split, fitNormaliser(split));
    expect(sequences.values).toEqual(before);
  });

  it("clips, before the unit length is applied", () => {
    const clipped =
      normaliseSplit(split, fitNormaliser(split, { clip: 1 })).modalities["audio"]?.values ?? [];
    expect(Math.max(...clipped)).toBe(1);
    expect(Math.min(...clipped)).toBe(-1);
    const unit =
      normaliseSplit(split, fitNormaliser(split, { kind: "unit", clip: 1 })).modalities["audio"]?.values ??
      [];
    expect(Math.max(...unit)).toBeCloseTo(1 / Math.sqrt(2), 6);
    const longer =
      normaliseSplit(split, fitNormaliser(split, { kind: "unit", clip: 1, length: 3 })).modalities["audio"]
        ?.values ?? [];
    expect(Math.max(...longer)).toBeCloseTo(3 / Math.sqrt(2), 6);
  });

  it("centres with one scale for all features: training vectors get the stated length", () => {
    const table = {
      width: 2,
      steps: 1,
      values: Float32Array.of(1, 10, 3, 50),
      mask: Uint8Array.of(1, 1),
      present: Uint8Array.of(1, 1),
    };
    const centred = splitOf(table);
    const values =
      normaliseSplit(centred, fitNormaliser(centred, { kind: "centre", clip: 0, length: 2 })).modalities[
        "audio"
      ]?.values ?? [];
    const scale = 2 / Math.hypot(1, 20); // both vectors lie at (1, 20) from the mean
    [-1, -20, 1, 20].forEach((offset, i) => {
      expect(values[i]).toBeCloseTo(offset * scale, 6);
    });
  });

  it("keeps a modality of unit vectors under auto, and brings any other to length", () => {
    const table = (values: number[]): ModalityTable => ({
      width: 2,
      steps: 1,
      values: Float32Array.from(values),
      mask: Uint8Array.of(1, 1),
      present: Uint8Array.of(1, 1),
    });
    const encoded = splitOf(table([0.6, 0.8, -1, 0]));
    const kept = fitNormaliser(encoded, { kind: "auto" });
    expect(kept.kept).toEqual(["audio"]);
    expect(normaliseSplit(encoded, kept).modalities["audio"]?.values).toEqual(
      encoded.modalities["audio"]?.values,
    );
    const measured = splitOf(table([0.6, 0.8, -1, 0.3]));
    const scaled = fitNormaliser(measured, { kind: "auto" });
    expect(scaled.kept).toEqual([]);
    expect(normaliseSplit(measured, scaled)).toEqual(
      normaliseSplit(measured, fitNormaliser(measured, { kind: "unit" })),
    );
  });

  it("changes nothing for kind none, but has the statistics", () => {
    const normaliser = fitNormaliser(split, { kind: "none" });
    expect(normaliseSplit(split, normaliser)).toBe(split);
    expect(normaliser.modalities["audio"]?.mean).toEqual([5, 5]);
  });

  it("refuses another width and an unknown modality, by name", () => {
    const normaliser = fitNormaliser(split);
    const wide = splitOf({ ...sequences, width: 3, steps: 2 });
    expect(() => normaliseSplit(wide, normaliser)).toThrow(/"audio" has 3 features, but 2 in training/);
    expect(() => normaliseSplit({ ...split, modalities: { vision: sequences } }, normaliser)).toThrow(
      /"vision" was not in the training data/,
    );
  });
});
