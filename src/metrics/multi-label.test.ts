import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { log } from "../core/math.js";
import { normalAt, randomKey, uniformAt } from "../core/random.js";
import { bestThresholds, multiLabelMetrics, presentLabels } from "./multi-label.js";

const logit = (p: number): number => log(p / (1 - p));

interface Fixture {
  readonly multiLabel: readonly {
    readonly name: string;
    readonly labels: readonly string[];
    readonly present: number[];
    readonly truth: number[];
    readonly values: Readonly<Record<string, number | null>>;
  }[];
}
const fixture = JSON.parse(
  readFileSync(new URL("../../test/fixtures/metrics.json", import.meta.url), "utf8"),
) as Fixture;

describe("metrics of labels that occur together", () => {
  it.each(fixture.multiLabel)("equal scikit-learn's: $name", ({ labels, present, truth, values }) => {
    const got = multiLabelMetrics(present, truth, labels).values;
    expect(Object.keys(got).sort()).toEqual(Object.keys(values).sort());
    for (const [name, value] of Object.entries(values)) {
      if (value === null) expect(got[name], name).toBeNull();
      else expect(got[name], name).toBeCloseTo(value, 12);
    }
  });

  it("say why a value is undefined", () => {
    const { values, warnings } = multiLabelMetrics([0, 0], [0, 0], ["joy"]);
    expect(values).toMatchObject({ "F1/joy": null, "Weighted_acc/joy": null, "Accuracy/joy": 1, F1: null });
    expect(warnings).toContain("F1/joy is undefined: the label neither occurs nor was predicted");
  });

  it("refuse nothing at all", () => {
    expect(() => multiLabelMetrics([], [], ["joy"])).toThrow(/no samples/);
  });

  it("refuse decisions and labels that are neither 0 nor 1", () => {
    expect(() => multiLabelMetrics([1, 0], [1, 2], ["joy", "anger"])).toThrow(/class 2/);
    expect(() => multiLabelMetrics([0.5], [1], ["joy"])).toThrow(/class 0.5/);
  });
});

describe("thresholds", () => {
  it("decide by the probability, and the threshold itself counts as present", () => {
    expect([...presentLabels([0, -1, 2, logit(0.2)], 2, [0.5, 0.2])]).toEqual([1, 1, 1, 1]);
    expect([...presentLabels([0, -1], 2)]).toEqual([1, 0]);
  });

  it("lie in the middle between the two probabilities that the largest F1 divides", () => {
    const logits = [0.1, 0.2, 0.3, 0.6].map(logit);
    expect(bestThresholds(logits, [0, 0, 1, 1], 1)[0]).toBeCloseTo(0.25, 12);
  });

  it("stay at 0.5 if that is as good as any, and for a label that never occurs", () => {
    expect([...bestThresholds([0.1, 0.9].map(logit), [0, 1], 1)]).toEqual([0.5]);
    expect([...bestThresholds([0.1, 0.9].map(logit), [0, 0], 1)]).toEqual([0.5]);
  });

  it("do not divide equals", () => {
    const [threshold = NaN] = bestThresholds([0.3, 0.3, 0.1].map(logit), [1, 0, 0], 1);
    expect(threshold).toBeCloseTo(0.2, 12);
  });

  it("have the F1 of a search through all of them", () => {
    const key = randomKey(3, "thresholds");
    for (let round = 0; round < 20; round++) {
      const truth = Array.from({ length: 30 }, (_, i) => (uniformAt(key, 100 * round + i) < 0.3 ? 1 : 0));
      const logits = truth.map((y, i) => y + normalAt(key, 100 * round + 50 + i));
      const f1 = (threshold: number): number =>
        multiLabelMetrics(presentLabels(logits, 1, [threshold]), truth, ["x"]).values["F1"] ?? 0;
      const [chosen = NaN] = bestThresholds(logits, truth, 1);
      const best = Math.max(...Array.from({ length: 999 }, (_, i) => f1((i + 1) / 1000)));
      expect(f1(chosen)).toBeGreaterThanOrEqual(best);
    }
  });
});
