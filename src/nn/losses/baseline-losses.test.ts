import { describe, expect, test } from "vitest";
import { DataError, ShapeError } from "../../core/errors.js";
import { createReferenceBackend } from "../../tensor/backends/reference/index.js";
import { Tape } from "../../tensor/tape.js";
import { largestGradientDifference } from "../../tensor/testing/finite-difference.js";
import { confidenceRankingLoss } from "./confidence-ranking.js";
import { contrastiveLoss } from "./contrastive.js";
import { evidentialLoss } from "./evidential.js";

const tape = (): Tape => new Tape(createReferenceBackend(), false);

describe("the evidential loss (TMC, Eqs. 8-10)", () => {
  const alpha = [3, 1.5, 1, 1, 6.25, 2];

  test("without evidence and second term it is psi(C) - psi(1); wrong evidence costs more", () => {
    const loss = (values: readonly number[], weight: number): number =>
      evidentialLoss(tape(), tape().constant(values, [1, 3]), [0], weight).item();
    expect(loss([1, 1, 1], 0)).toBeCloseTo(1 + 1 / 2, 12);
    expect(loss([1, 1, 1], 1)).toBeCloseTo(1 + 1 / 2, 12); // the divergence of a flat Dirichlet is 0
    expect(loss([9, 1, 1], 1)).toBeLessThan(loss([1, 1, 1], 1));
    expect(loss([1, 9, 1], 0)).toBeGreaterThan(loss([1, 1, 1], 0));
    expect(loss([1, 9, 1], 1)).toBeGreaterThan(loss([1, 9, 1], 0));
    // evidence for the right class is not punished
    expect(loss([9, 1, 1], 1)).toBeCloseTo(loss([9, 1, 1], 0), 12);
  });

  test("its gradient agrees with finite differences, with and without samples that do not count", () => {
    for (const counted of [undefined, [1, 0]]) {
      const { relative } = largestGradientDifference(
        (on, [a]) => evidentialLoss(on, a ?? on.constant([], [0, 0]), [2, 1], 0.7, counted),
        [{ values: alpha, shape: [2, 3] }],
        [1],
      );
      expect(relative).toBeLessThan(1e-7);
    }
    expect(evidentialLoss(tape(), tape().constant(alpha, [2, 3]), [2, 1], 0.7, [0, 0]).item()).toBe(0);
  });

  test("refuses a label that is not a class, and too few labels", () => {
    expect(() => evidentialLoss(tape(), tape().constant(alpha, [2, 3]), [2, 3], 1)).toThrow(DataError);
    expect(() => evidentialLoss(tape(), tape().constant(alpha, [2, 3]), [2], 1)).toThrow(ShapeError);
  });
});

describe("the ranking loss of confidences (QMF, Eq. 9)", () => {
  const loss = (
    confidence: readonly number[],
    losses: readonly number[],
    rows = confidence.map((_, i) => i),
  ): number =>
    confidenceRankingLoss(tape(), tape().constant(confidence, [confidence.length]), losses, rows).item();

  test("is 0 if the sample with the smaller loss is more confident by the margin; positive otherwise", () => {
    expect(loss([2, 1, 0], [0.1, 0.2, 0.3])).toBe(0);
    expect(loss([0, 1, 2], [0.1, 0.2, 0.3])).toBeCloseTo((1.5 + 1.5 + 3) / 3, 12);
    expect(loss([0, 1], [0.2, 0.2])).toBe(0);
    expect(loss([5], [1])).toBe(0);
  });

  test("omits excluded samples, and its gradient agrees with finite differences", () => {
    expect(loss([0, 9, 1, 2], [0.1, 7, 0.2, 0.3], [0, 2, 3])).toBe(loss([0, 1, 2], [0.1, 0.2, 0.3]));
    const { relative } = largestGradientDifference(
      (on, [c]) => confidenceRankingLoss(on, c ?? on.constant([], [0]), [0.9, 0.1, 0.4, 0.7], [0, 1, 3]),
      [{ values: [0.3, 0.25, 4, 0.1], shape: [4] }],
      [1],
    );
    expect(relative).toBeLessThan(1e-7);
  });

  test("lowers the share of pairs in the wrong order when it is followed", () => {
    const losses = Array.from({ length: 16 }, (_, i) => ((i * 7) % 16) / 16);
    const confidence = Float64Array.from(losses, (_, i) => ((i * 5) % 16) / 16);
    const wrong = (): number =>
      losses.reduce(
        (sum, a, i) =>
          sum + losses.filter((b, j) => a > b && (confidence[i] ?? 0) >= (confidence[j] ?? 0)).length,
        0,
      );
    const before = wrong();
    for (let step = 0; step < 400; step++) {
      const backend = createReferenceBackend();
      const on = new Tape(backend);
      const leaf = on.variable(confidence, [16]);
      on.backward(
        confidenceRankingLoss(
          on,
          leaf,
          losses,
          losses.map((_, i) => i),
        ),
      );
      const slopes = on.gradientOf(leaf).view;
      confidence.forEach((value, i) => (confidence[i] = value - 0.05 * (slopes[i] ?? 0)));
    }
    expect(wrong()).toBeLessThan(before / 4);
  });
});

describe("the contrastive loss (CLIP)", () => {
  const loss = (a: readonly number[], b: readonly number[], rows = [0, 1]): number =>
    contrastiveLoss(tape(), tape().constant(a, [2, 2]), tape().constant(b, [2, 2]), rows, 0.5).item();

  test("by hand: two orthogonal pairs that agree, and that are exchanged", () => {
    expect(loss([1, 0, 0, 1], [3, 0, 0, 2])).toBeCloseTo(Math.log(1 + Math.exp(-2)), 10);
    expect(loss([1, 0, 0, 1], [0, 3, 2, 0])).toBeCloseTo(Math.log(1 + Math.exp(2)), 10);
    expect(loss([1, 0, 0, 1], [1, 0, 0, 1], [1])).toBe(0);
  });

  test("its gradient agrees with finite differences", () => {
    const values = [0.3, -1, 0.8, 1.2, 0.1, 0.5];
    const { relative } = largestGradientDifference(
      (on, [a, b]) =>
        contrastiveLoss(on, a ?? on.constant([], [0, 0]), b ?? on.constant([], [0, 0]), [0, 2], 0.5),
      [
        { values, shape: [3, 2] },
        { values: values.toReversed(), shape: [3, 2] },
      ],
      [1],
    );
    expect(relative).toBeLessThan(1e-6);
  });
});
