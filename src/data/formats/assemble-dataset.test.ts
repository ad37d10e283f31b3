import { describe, expect, it } from "vitest";
import { codeOf } from "../../core/testing/code-of.js";
import { assembleDataset } from "./assemble-dataset.js";
import { type RawDataset, type RawSplit } from "./raw-dataset.js";
import type { FeatureColumn } from "./feature-column.js";

interface Shape {
  readonly modality?: string;
  readonly count?: number;
  readonly steps?: number;
}

/** Splits of two samples with one modality, of whose features none can be read. */
function raw({ modality = "audio", count = 2, steps = 1 }: Shape): RawDataset {
  const split = (place: string, samples: number): RawSplit => {
    const column: FeatureColumn = {
      count: samples,
      width: 100,
      steps,
      lengths: undefined,
      place,
      next() {
        throw new Error("read");
      },
    };
    const ids = Array.from({ length: samples }, (_, i) => `${place}${i}`);
    return {
      place,
      ids,
      labels: new Float32Array(samples),
      columns: Object.fromEntries([[modality, column]]),
    };
  };
  return {
    name: "made",
    task: { kind: "regression", targets: ["y"] },
    modalities: [modality],
    splits: { train: split("train", count), valid: split("valid", 2), test: split("test", 2) },
    notes: [],
    labelReading: { source: "stated", text: "" },
  };
}

describe("assembleDataset", () => {
  it("refuses features that no array can hold before it reads any", () => {
    const large = raw({ count: 60_000, steps: 200 });
    expect(() => assembleDataset(large, "none")).toThrow(
      /60000 samples of 200 steps.*more than the 4294967296/,
    );
    expect(codeOf(() => assembleDataset(large, "none"))).toBe("data.format");
    expect(() => assembleDataset(large, "mean")).toThrow("read");
  });

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])("refuses a modality %s", (modality) => {
    expect(codeOf(() => assembleDataset(raw({ modality }), "none"))).toBe("data.unknown-modality");
  });
});
