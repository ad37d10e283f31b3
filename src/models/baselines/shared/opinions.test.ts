import { expect, test } from "vitest";
import { createReferenceBackend } from "../../../tensor/backends/reference/index.js";
import { Tape } from "../../../tensor/tape.js";
import { combine, dirichletOf, type Opinion, opinionOf } from "./opinions.js";

const tape = new Tape(createReferenceBackend(), false);
const opinion = (belief: readonly number[], ignorance: number): Opinion => ({
  belief: tape.constant(belief, [1, belief.length]),
  ignorance: tape.constant([ignorance], [1, 1]),
});
const rounded = ({ belief, ignorance }: Opinion): number[] =>
  [...belief.toArray(), ignorance.item()].map((value) => Number(value.toFixed(10)));

test("TMC, Eq. 3: evidence (4, 1, 0) of three classes is belief (1/2, 1/8, 0) and ignorance 3/8", () => {
  expect(rounded(opinionOf(tape, tape.constant([4, 1, 0], [1, 3])))).toEqual([0.5, 0.125, 0, 0.375]);
});

test("TMC, Eq. 5, by hand: (0.6, 0.1; 0.3) and (0.2, 0.5; 0.3) are in conflict by 0.32", () => {
  // C = 0.6 * 0.5 + 0.1 * 0.2 = 0.32; b = (0.12 + 0.18 + 0.06, 0.05 + 0.03 + 0.15) / 0.68; u = 0.09 / 0.68
  const expected = [0.36 / 0.68, 0.23 / 0.68, 0.09 / 0.68].map((value) => Number(value.toFixed(10)));
  expect(rounded(combine(tape, opinion([0.6, 0.1], 0.3), opinion([0.2, 0.5], 0.3)))).toEqual(expected);
  expect(expected.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
});

test("TMC, Eq. 5: an opinion that knows nothing changes nothing; the order does not matter", () => {
  const [one, other] = [opinion([0.6, 0.1, 0.1], 0.2), opinion([0.1, 0.3, 0.2], 0.4)];
  expect(rounded(combine(tape, one, opinion([0, 0, 0], 1)))).toEqual(rounded(one));
  expect(rounded(combine(tape, one, other))).toEqual(rounded(combine(tape, other, one)));
  const third = opinion([0, 0.9, 0], 0.1);
  expect(rounded(combine(tape, combine(tape, one, other), third))).toEqual(
    rounded(combine(tape, one, combine(tape, other, third))),
  );
});

test("TMC, Eq. 6: the Dirichlet parameters of an opinion are those of its evidence", () => {
  expect(
    dirichletOf(tape, opinionOf(tape, tape.constant([4, 1, 0], [1, 3])))
      .toArray()
      .map((value) => Number(value.toFixed(9))),
  ).toEqual([5, 2, 1]);
});
