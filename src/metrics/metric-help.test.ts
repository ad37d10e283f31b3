import { expect, it } from "vitest";
import { binMetrics, thresholdMetrics } from "./binned.js";
import { classificationMetrics } from "./classification.js";
import { metricDirection } from "./directions.js";
import { metricHelp } from "./metric-help.js";
import type { MetricReport } from "./metric-report.js";
import { multiLabelMetrics } from "./multi-label.js";
import { multiTargetMetrics } from "./multi-target.js";
import { authorsMetrics, sentimentMetrics, simsMetrics } from "./sentiment.js";

const p = [0.5, -0.5, 0.2, 1];
const y = [1, -1, 0, 0.5];
const one = Uint8Array.from([1, 0, 0, 1]);

it.each<[string, MetricReport]>([
  ["sentiment", sentimentMetrics(p, y)],
  ["the published code", authorsMetrics(p, y)],
  ["CH-SIMS", simsMetrics(p, y)],
  ["a threshold", thresholdMetrics(p, y, 0.1)],
  ["bins", binMetrics(p, y, [-0.5, 0.5])],
  ["classes", classificationMetrics(one, one, 2)],
  ["labels that occur together", multiLabelMetrics(one, one, ["joy", "anger"])],
  ["several targets", multiTargetMetrics(p, y, ["joy", "anger"])],
])("explains every metric of %s", (_, { values }) => {
  const names = Object.keys(values);
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => metricHelp(name) === undefined)).toEqual([]);
  expect(names.filter((name) => metricDirection(name) === undefined)).toEqual([]);
});

it("explains a metric of one target as that metric, and no other name", () => {
  expect(metricHelp("MAE/persuasion")).toBe(metricHelp("MAE"));
  expect(metricHelp("Bins_acc_3")).toContain("3 bins");
  for (const name of ["loss", "constructor", "Non0", ""]) expect(metricHelp(name)).toBeUndefined();
});
