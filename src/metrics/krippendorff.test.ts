import { expect, it } from "vitest";
import { codeOf } from "../core/testing/code-of.js";
import { krippendorffAlpha } from "./krippendorff.js";

/** Example of Krippendorff (Computing Krippendorff's Alpha-Reliability, 2011): 4 observers, 12 units. */
const EXAMPLE = [
  [1, 1, 1],
  [2, 2, 3, 2],
  [3, 3, 3, 3],
  [3, 3, 3, 3],
  [2, 2, 2, 2],
  [1, 2, 3, 4],
  [4, 4, 4, 4],
  [1, 1, 2, 1],
  [2, 2, 2, 2],
  [5, 5, 5],
  [1, 1],
  [3],
];

it("gives the published values of an example with missing labels", () => {
  expect(krippendorffAlpha(EXAMPLE, "nominal")).toBeCloseTo(0.743, 3);
  expect(krippendorffAlpha(EXAMPLE, "interval")).toBeCloseTo(0.849, 3);
  const words = EXAMPLE.map((labels) => labels.map(String));
  expect(krippendorffAlpha(words, "nominal")).toBe(krippendorffAlpha(EXAMPLE, "nominal"));
});

it("is 1 for equal labels, below 0 for systematic disagreement, and does not change with the scale", () => {
  expect(krippendorffAlpha([[1, 1], [2, 2, 2], [5]], "interval")).toBe(1);
  expect(
    krippendorffAlpha(
      [
        ["a", "b"],
        ["b", "a"],
      ],
      "nominal",
    ),
  ).toBeCloseTo(-0.5);
  const scaled = EXAMPLE.map((labels) => labels.map((label) => 10 * label - 3));
  expect(krippendorffAlpha(scaled, "interval")).toBeCloseTo(
    krippendorffAlpha(EXAMPLE, "interval") ?? NaN,
    12,
  );
});

it("is null without two different labels to compare, and refuses names as numbers", () => {
  expect(krippendorffAlpha([], "nominal")).toBeNull();
  expect(krippendorffAlpha([[1], [2]], "interval")).toBeNull();
  expect(
    krippendorffAlpha(
      [
        [1, 1],
        [1, 1],
      ],
      "interval",
    ),
  ).toBeNull();
  expect(codeOf(() => krippendorffAlpha([["low", "high"]], "interval"))).toBe("data.invalid-value");
});
