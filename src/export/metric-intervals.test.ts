import { describe, expect, it } from "vitest";
import { normalAt, randomKey } from "../core/random.js";
import type { Task } from "../data/dataset.js";
import { metricIntervals, readScores } from "./metric-intervals.js";

const regression: Task = { kind: "regression", targets: ["x"], range: [0, 10] };
const classes: Task = { kind: "classification", classes: ["no", "yes"] };

describe("readScores", () => {
  it("reads values, several targets and classes", () => {
    expect(
      readScores('{"label":1,"prediction":2.5}\n{"label":-1,"prediction":0}\n', regression, "f"),
    ).toEqual({
      size: 2,
      prediction: Float32Array.of(2.5, 0),
      labels: Float32Array.of(1, -1),
    });
    const two: Task = { kind: "regression", targets: ["a", "b"] };
    expect(readScores('{"label":{"a":1,"b":2},"prediction":{"b":4,"a":3}}', two, "f")).toMatchObject({
      prediction: Float32Array.of(3, 4),
      labels: Float32Array.of(1, 2),
    });
    expect(
      readScores('{"label":"yes","prediction":"no","classes":{"no":0.75,"yes":0.25}}', classes, "f"),
    ).toMatchObject({ prediction: Float32Array.of(0.75, 0.25), labels: Float32Array.of(1) });
  });
  it.each([
    ["not json", regression, /file, line 1 is not JSON/],
    ["[1]", regression, /line 1 is not an object/],
    [
      '{"label":1,"prediction":2}\n{"label":null,"prediction":2}',
      regression,
      /line 2 has a value that is not a number/,
    ],
    [
      '{"label":"maybe","classes":{"no":0,"yes":1}}',
      classes,
      /line 1 has a label that is not one of no, yes/,
    ],
    ['{"label":"no","classes":{"no":1}}', classes, /line 1 has a value that is not a number/],
    ['{"label":"no"}', classes, /line 1 lacks values for no, yes/],
  ] as const)("refuses %s", (text, task, message) => {
    expect(() => readScores(text, task, "file")).toThrow(message);
  });
});

describe("metricIntervals", () => {
  const size = 400;
  const [labelKey, errorKey] = [randomKey(1, "labels"), randomKey(1, "errors")];
  const labels = Float32Array.from({ length: size }, (_, i) => 5 + normalAt(labelKey, i));
  const scores = { size, labels, prediction: labels.map((label, i) => label + 0.5 * normalAt(errorKey, i)) };
  it("is as wide as the theory of the mean says", () => {
    const [mae] = metricIntervals(scores, regression);
    if (mae?.name !== "MAE" || mae.value === null || mae.interval === null) throw new Error("no MAE");
    expect(mae.interval[0]).toBeLessThan(mae.value);
    expect(mae.interval[1]).toBeGreaterThan(mae.value);
    // |N(0, 0.5)| has deviation 0.5 sqrt(1 - 2 / pi); two times 1.96 standard errors of its mean over 400
    // samples
    const width = (2 * 1.96 * 0.5 * Math.sqrt(1 - 2 / Math.PI)) / Math.sqrt(size);
    expect((mae.interval[1] - mae.interval[0]) / width).toBeGreaterThan(0.85);
    expect((mae.interval[1] - mae.interval[0]) / width).toBeLessThan(1.15);
  });
  it("is the same each time, and absent if the metric is undefined on a resample", () => {
    expect(metricIntervals(scores, regression, 50)).toEqual(metricIntervals(scores, regression, 50));
    const two = { size: 2, labels: Float32Array.of(1, 2), prediction: Float32Array.of(1, 3) };
    const corr = metricIntervals(two, regression, 50).find(({ name }) => name === "Corr");
    expect(corr?.value).toBeCloseTo(1);
    expect(corr?.interval).toBeNull();
  });
});
