import { expect, test } from "vitest";
import type { Split } from "../data/dataset.js";
import { routingReport } from "./routing-report.js";
import type { MeasuredSplit } from "./uncertainty-report.js";

/** Four samples with two of three experts selected. The last sample lacks the modality. */
function measured(kind?: readonly string[]): MeasuredSplit {
  const text = {
    width: 1,
    steps: 1,
    values: new Float32Array(4),
    mask: new Uint8Array(4).fill(1),
    present: Uint8Array.of(1, 1, 1, 0),
  };
  const split: Split = {
    name: "test",
    size: 4,
    ids: ["a", "b", "c", "d"],
    modalities: { text },
    labels: new Float32Array(4),
    ...(kind && { corruption: { text: { severity: new Float32Array(4), kind } } }),
  };
  const diagnostics = {
    text: {
      uncertainty: new Float32Array(4),
      experts: Int32Array.of(0, 1, 0, 1, 1, 0, -1, -1),
      gates: Float32Array.of(0.5, 0, 0.2, 0, 0.4, 0, 0, 0),
    },
  };
  return { split, outputs: { size: 4, prediction: new Float32Array(4), taskLoss: 0, diagnostics } };
}

test("loads are fractions of the samples' gates; an expert that no sample selects is unused", () => {
  expect(routingReport(measured(), 3)).toEqual({ text: { load: [2 / 3, 1 / 3, 0], unused: 1 } });
});

test("with known corruption: loads by kind, and mutual information of expert and kind", () => {
  const report = routingReport(measured(["clean", "clean", "noise", "noise"]), 3)?.["text"];
  expect(report?.byKind).toEqual({ clean: [1, 0, 0], noise: [0, 1, 0] });
  // The expert determines the kind.
  expect(report?.information).toBeCloseTo(-(2 / 3) * Math.log2(2 / 3) - (1 / 3) * Math.log2(1 / 3), 12);
});

test("a model without experts has no report", () => {
  expect(routingReport(measured(), undefined)).toBeUndefined();
});
