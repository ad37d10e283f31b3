import { describe, expect, it } from "vitest";
import type { Split } from "../data/dataset.js";
import { createLinear } from "../models/linear.js";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { startAtMean } from "./output-start.js";

const modalities = [{ name: "text", width: 3, steps: 1 }];

function trainingLabels(labels: number[], size: number): Split {
  return {
    name: "train",
    size,
    ids: Array.from({ length: size }, String),
    modalities: {},
    labels: Float32Array.from(labels),
  };
}

describe("startAtMean", () => {
  it("puts the mean of each target into the output bias", () => {
    const task = { kind: "regression", targets: ["a", "b"] } as const;
    const model = createLinear(
      { task, modalities },
      { inputDropout: 0, taskLoss: "auto" },
      createReferenceBackend(),
      1,
    );
    startAtMean(model, trainingLabels([1, 10, 3, 20], 2));
    expect(Array.from(model.outputBias.buffer.view)).toEqual([2, 15]);
  });

  it("puts log frequencies there for classes, finite for a class without samples", () => {
    const task = { kind: "classification", classes: ["x", "y", "z"] } as const;
    const model = createLinear(
      { task, modalities },
      { inputDropout: 0, taskLoss: "auto" },
      createReferenceBackend(),
      1,
    );
    startAtMean(model, trainingLabels([0, 0, 1], 3));
    [3 / 6, 2 / 6, 1 / 6].forEach((share, i) => {
      expect(model.outputBias.buffer.view[i]).toBeCloseTo(Math.log(share), 12);
    });
  });
});
