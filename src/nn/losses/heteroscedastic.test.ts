import { describe, expect, test } from "vitest";
import { ShapeError } from "../../core/errors.js";
import { createReferenceBackend } from "../../tensor/backends/reference/index.js";
import { Tape } from "../../tensor/tape.js";
import { largestGradientDifference } from "../../tensor/testing/finite-difference.js";
import { heteroscedasticLoss } from "./heteroscedastic.js";

type Numbers = readonly number[];

function loss(means: Numbers, logs: Numbers, labels: Numbers): number {
  const tape = new Tape(createReferenceBackend(), false);
  const rows = logs.length;
  return heteroscedasticLoss(tape, {
    means: tape.constant(means, [rows, means.length / rows]),
    logVariances: tape.constant(logs, [rows, 1]),
    labels,
  }).item();
}

describe("the aleatoric likelihood (Kendall & Gal, Eq. 8)", () => {
  test("by hand: two samples of two outputs", () => {
    const [a, b] = [Math.exp(-0.4), Math.exp(1.2)];
    const expected = (a * (0.25 + 4) + b * (1 + 0.09) + 2 * 0.4 - 2 * 1.2) / 8;
    expect(loss([1, 2, -1, 0.3], [0.4, -1.2], [0.5, 4, 0, 0])).toBeCloseTo(expected, 12);
  });

  test("is smallest where the variance is the squared error", () => {
    const at = (variance: number): number => loss([3], [Math.log(variance)], [1]);
    expect(at(4)).toBeLessThan(Math.min(at(3.9), at(4.1)));
  });

  test("refuses a wrong number of labels", () => {
    expect(() => loss([1, 2], [0], [2])).toThrow(ShapeError);
  });

  test("gradients to means and variances agree with finite differences", () => {
    const { relative } = largestGradientDifference(
      (on, [means, logVariances]) => {
        if (!means || !logVariances) throw new Error("two inputs");
        return heteroscedasticLoss(on, { means, logVariances, labels: [0.5, 4, 0, 0, 1, -1] });
      },
      [
        { values: [1, 2, -1, 0.3, 0.2, -0.4], shape: [3, 2] },
        { values: [0.4, -1.2, 0.1], shape: [3, 1] },
      ],
      [1],
    );
    expect(relative).toBeLessThan(1e-7);
  });
});
