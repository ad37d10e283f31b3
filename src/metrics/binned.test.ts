import { expect, it } from "vitest";
import { binMetrics, binOf, thresholdMetrics } from "./binned.js";
import { simsMetrics } from "./sentiment.js";

it("compares in single precision: a stored 0.1 is in the bin that ends at 0.1", () => {
  const single = Math.fround;
  expect(single(0.1)).toBeGreaterThan(0.1); // result of a comparison with an edge in double precision
  const edges = [-0.7, -0.1, 0.1, 0.7];
  expect(edges.map((edge) => binOf(single(edge), edges))).toEqual([0, 1, 2, 3]);
  expect(edges.map((edge) => binOf(edge + 1e-6, edges))).toEqual([1, 2, 3, 4]);
});

it("equals the accuracies of CH-SIMS for labels that are tenths", () => {
  const truth = Float32Array.of(-1, -0.8, -0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.8, 1);
  const shifted = truth.map((label) => label + Math.fround(0.1));
  expect(simsMetrics(truth, truth).values["SIMS_acc_5"]).toBe(1);
  // by hand: -0.8 -> -0.7 and 0 -> 0.1 stay, -0.2 -> -0.1 stays; 0.6 -> 0.7 stays; none crosses an edge
  // upwards
  const crossing = Array.from(truth, (label, i) => [label, shifted[i] ?? NaN] as const).filter(([from, to]) =>
    [-0.7, -0.1, 0.1, 0.7].some((edge) => from <= Math.fround(edge) && to > Math.fround(edge)),
  );
  expect(simsMetrics(shifted, truth).values["SIMS_acc_5"]).toBe(1 - crossing.length / truth.length);
});

it("counts thresholds and bins by hand", () => {
  expect(thresholdMetrics([2, 3.5, 4], [1, 3, 5], 3).values).toEqual({
    Threshold_acc_2: 2 / 3,
    Threshold_F1_score: (2 / 3) * (2 / 3) + (1 / 3) * (2 / 3),
  });
  expect(binMetrics([1.5, 2.6, 9], [1, 2, 3], [1.5, 2.5]).values).toEqual({ Bins_acc_3: 2 / 3 });
  expect(() => thresholdMetrics([NaN], [1], 0)).toThrow(/prediction of sample 0 is NaN/);
});
