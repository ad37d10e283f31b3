import { expect, test } from "vitest";
import { labelClass, SENTIMENT_RANGE } from "./label-classes.js";

test("labels of [-3, 3] are rounded to seven integers, halves to even as numpy does", () => {
  const labels = [-3, -2.6, -2.5, -1.5, -0.5, -0.2, 0, 0.5, 0.6, 1.5, 2.4, 2.5, 3];
  expect(labels.map((label) => labelClass(label, SENTIMENT_RANGE) - 3)).toEqual([
    -3, -3, -2, -2, 0, 0, 0, 0, 1, 2, 2, 2, 3,
  ]);
});

test("other ranges have seven classes too; outside is the nearest, no width is the middle", () => {
  expect([-1, -0.4, 0, 0.34, 1].map((label) => labelClass(label, [-1, 1]))).toEqual([0, 2, 3, 4, 6]);
  expect([0.9, 1, 4, 7, 9].map((label) => labelClass(label, [1, 7]))).toEqual([0, 0, 3, 6, 6]);
  expect(labelClass(5, [2, 2])).toBe(3);
});
