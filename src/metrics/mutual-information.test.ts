import { expect, test } from "vitest";
import { mutualInformation } from "./mutual-information.js";

test("I(X; Y) by hand: 0 for independent variables, 1 bit for a coin, log2 3 for three states", () => {
  expect(
    mutualInformation([
      [1, 2],
      [2, 4],
    ]),
  ).toBeCloseTo(0, 12);
  expect(
    mutualInformation([
      [5, 0],
      [0, 5],
    ]),
  ).toBeCloseTo(1, 12);
  expect(
    mutualInformation([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]),
  ).toBeCloseTo(Math.log2(3), 12);
  const binary = (p: number): number => -p * Math.log2(p) - (1 - p) * Math.log2(1 - p);
  expect(
    mutualInformation([
      [9, 1],
      [1, 9],
    ]),
  ).toBeCloseTo(1 - binary(0.1), 12); // a channel that errs in one of ten
});

test("does not depend on the scale or on the order of the variables; null without weights", () => {
  const joint = [
    [3, 1, 2],
    [1, 4, 1],
  ];
  const turned = [
    [3, 1],
    [1, 4],
    [2, 1],
  ];
  expect(mutualInformation(turned)).toBeCloseTo(mutualInformation(joint) ?? NaN, 12);
  expect(mutualInformation(joint.map((row) => row.map((weight) => weight / 7)))).toBeCloseTo(
    mutualInformation(joint) ?? NaN,
    12,
  );
  expect(
    mutualInformation([
      [0, 0],
      [0, 0],
    ]),
  ).toBeNull();
  expect(mutualInformation([])).toBeNull();
});
