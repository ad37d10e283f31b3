import { expect, test } from "vitest";
import { ShapeError } from "../../../core/errors.js";
import { createReferenceBackend } from "../../../tensor/backends/reference/index.js";
import { Tape } from "../../../tensor/tape.js";
import { largestGradientDifference } from "../../../tensor/testing/finite-difference.js";
import { recoveryError } from "./recovery-error.js";

const tape = new Tape(createReferenceBackend());

test("by hand: the mean of the squared errors of the flagged rows; 0 without any", () => {
  const recovered = [tape.constant([1, 2, 3, 4], [2, 2]), tape.constant([5, NaN], [2, 1])];
  const targets = [tape.constant([0, 0, 3, 2], [2, 2]), tape.constant([2, 0], [2, 1])];
  expect(
    recoveryError(tape, recovered, targets, [
      [0, 1],
      [1, 0],
    ]).item(),
  ).toBe((0 + 4 + 9) / 3);
  expect(
    recoveryError(tape, recovered, targets, [
      [0, 0],
      [0, 0],
    ]).item(),
  ).toBe(0);
  expect(() =>
    recoveryError(tape, recovered, targets.toReversed(), [
      [0, 1],
      [1, 0],
    ]),
  ).toThrow(ShapeError);
});

test("its gradient agrees with finite differences; targets and excluded rows get none", () => {
  const target = [0.5, -1, 2, 0.25];
  const { relative } = largestGradientDifference(
    (on, [a]) => recoveryError(on, a ? [a] : [], [on.constant(target, [2, 2])], [[1, 1]]),
    [{ values: [1, 2, -0.5, 0.75], shape: [2, 2] }],
    [1],
  );
  expect(relative).toBeLessThan(1e-7);
  const [recovered, wanted] = [tape.variable([1, 2, 3, 4], [2, 2]), tape.variable(target, [2, 2])];
  tape.backward(recoveryError(tape, [recovered], [wanted], [[1, 0]]));
  expect(wanted.gradient).toBeUndefined();
  expect(Array.from(recovered.gradient?.view.subarray(0, 4) ?? [])).toEqual([0.5, 3, 0, 0]);
});
