import { expect, test } from "vitest";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { Tape } from "../tensor/tape.js";
import { expectedErrors, madeErrors } from "./certainty-head.js";

const tape = new Tape(createReferenceBackend());

test("actual errors: mean |prediction - label| over targets, or 1 - softmax(logits)[label]", () => {
  const prediction = tape.constant([1, 2, -1, 0], [2, 2]);
  expect(Array.from(madeErrors("mse", prediction, [0, 4, -1, 1]))).toEqual([1.5, 0.5]);
  const logits = tape.constant([0, 0, Math.log(3), 0], [2, 2]);
  const found = madeErrors("cross-entropy", logits, [1, 0]);
  expect(found[0]).toBeCloseTo(0.5, 12);
  expect(found[1]).toBeCloseTo(0.25, 12);
});

test("expected errors are the exponentials of the head's output", () => {
  const found = expectedErrors(tape.constant([0, Math.log(2)], [2, 1]));
  expect(found[0]).toBe(1);
  expect(found[1]).toBeCloseTo(2, 6);
});
