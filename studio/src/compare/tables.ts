import { metricDirection } from "../../../src/metrics/directions.js";
import { metricHelp } from "../../../src/metrics/metric-help.js";
import type { StoredComparison } from "../../../src/experiments/compare-stored.js";
import type { Table } from "../../../src/report/html.js";
import { fixed } from "../../../src/report/numbers.js";
import type { Run } from "../api/runs.js";
import { metricsOf, modelOf } from "../ui/metrics.js";

/** Differences with a smaller p-value are bold. */
const SIGNIFICANT = 0.05;

/** Table of the test metrics: one row per metric, one column per run. */
export function metricsTable(runs: readonly Run[]): Table {
  const metrics = runs.map((run) => metricsOf(run, "test"));
  const names = [...new Set(metrics.flatMap((each) => Object.keys(each)))];
  return {
    caption: "Metrics on the test split. The best value of each row is bold.",
    columns: [{ heading: "metric" }, ...runs.map((run) => ({ heading: headingOf(run), numeric: true }))],
    rows: names.map((name) => [arrowed(name), ...metrics.map((each) => fixed(each[name]))]),
    best: new Set(
      names.flatMap((name, r) =>
        bestOf(
          name,
          metrics.map((each) => each[name]),
        ).map((c) => `${String(r)},${String(c + 1)}`),
      ),
    ),
  };
}

/** Table of the differences from the first run. Undefined without tests. */
export function testsTable({ tests }: StoredComparison, reference: string): Table | undefined {
  const [first] = tests;
  if (first === undefined) return undefined;
  return {
    caption:
      `Improvement on ${reference} (negative: worse), with its 95% interval (paired bootstrap over test ` +
      "samples) and the p-value of a sign-flip test, corrected over the runs (Holm). Bold: p below 0.05.",
    columns: [{ heading: "metric" }, ...first.rows.map(({ name }) => ({ heading: name, numeric: true }))],
    rows: tests.map(({ metric, rows }) => [
      arrowed(metric),
      ...rows.map(
        ({ difference, low, high, adjusted }) =>
          `${signed(difference)} (${signed(low)} to ${signed(high)}), p ` +
          (adjusted < 0.001 ? "< 0.001" : fixed(adjusted)),
      ),
    ]),
    best: new Set(
      tests.flatMap(({ rows }, r) =>
        rows.flatMap(({ adjusted }, c) => (adjusted < SIGNIFICANT ? [`${String(r)},${String(c + 1)}`] : [])),
      ),
    ),
  };
}

/** Explains the metric in the heading of a row. */
export function helpOf(heading: string): string | undefined {
  return metricHelp(heading.replace(/ [↑↓]$/u, ""));
}

/** Name of a run, with that of its model if they differ. */
function headingOf(run: Run): string {
  const model = modelOf(run);
  return run.name.startsWith(model) ? run.name : `${run.name} (${model})`;
}

/** Indices of the best values, if there are several runs and the better direction is known. */
function bestOf(name: string, values: readonly (number | undefined)[]): number[] {
  const direction = metricDirection(name);
  const known = values.filter((value) => value !== undefined);
  if (direction === undefined || known.length < 2) return [];
  const best = direction === "higher" ? Math.max(...known) : Math.min(...known);
  return values.flatMap((value, i) => (value === best ? [i] : []));
}

function arrowed(name: string): string {
  const direction = metricDirection(name);
  return direction === undefined ? name : `${name} ${direction === "higher" ? "↑" : "↓"}`;
}

function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${fixed(value)}`;
}
