import { expect, it } from "vitest";
import { hasSign, sentimentScale, withScale } from "./label-scale.js";

it.each([
  [
    [-3, 3],
    [-3, 3],
  ],
  [
    [-1.2, 0.4],
    [-3, 3],
  ],
  [
    [-1, 1],
    [-1, 1],
  ],
  [[-3.2, 3], undefined],
  [[0, 3], undefined],
  [[-3, 0], undefined],
  [[], undefined],
])("labels from %j have the scale %j", (labels, scale) => {
  expect(sentimentScale(labels)).toEqual(scale);
});

it("a scale has a sign if it reaches to both sides of 0", () => {
  const task = (range?: readonly [number, number]) =>
    ({ kind: "regression", targets: ["y"], ...(range && { range }) }) as const;
  expect(
    [[-3, 3] as const, [0, 1] as const, [-1, 0] as const, undefined].map((range) => hasSign(task(range))),
  ).toEqual([true, false, false, false]);
  expect(hasSign({ kind: "regression", targets: ["a", "b"], range: [-3, 3] })).toBe(false);
  expect(hasSign({ kind: "classification", classes: ["a"] })).toBe(false);
});

it("adds a scale only if none is stated and there is a single target", () => {
  const one = { kind: "regression", targets: ["y"] } as const;
  expect(withScale(one, [-1, 2])).toEqual({ ...one, range: [-3, 3] });
  expect(withScale(one, [1, 5])).toBe(one);
  const stated = { ...one, range: [-5, 5] } as const;
  expect(withScale(stated, [-1, 1])).toBe(stated);
  const two = { kind: "regression", targets: ["a", "b"] } as const;
  expect(withScale(two, [-1, 1])).toBe(two);
});
