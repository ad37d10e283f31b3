import type { ExperimentResult } from "../experiments/experiment-result.js";
import { comparisonTable, experimentTable, uncertaintyTable } from "./experiment-tables.js";
import type { Chart, FigurePart } from "./figures/figure-part.js";
import { lineChart, type LinePoint } from "./line-chart.js";

/** Builds the chart and the tables of an experiment. Its points are in its tables. */
export function experimentPart(experiment: ExperimentResult): FigurePart {
  const chart = chartOf(experiment);
  const tables = [experimentTable(experiment), comparisonTable(experiment), uncertaintyTable(experiment)];
  return { ...(chart && { chart }), tables: tables.filter((table) => table !== undefined), points: [] };
}

function chartOf({ title, line, columns, rows }: ExperimentResult): Chart | undefined {
  if (line === null) return undefined;
  const metric = columns[0]?.metric ?? "";
  const points: LinePoint[] =
    line.along === "columns"
      ? rows.flatMap(({ label, cells }) =>
          cells.map((cell, c) => ({
            series: label,
            at: columns[c]?.label ?? "",
            mean: cell.mean,
            deviation: cell.deviation,
          })),
        )
      : rows
          .filter(({ role }) => role !== "baseline")
          .map(({ label, cells }) => ({
            series: "EUAR",
            at: label.replace(/^EUAR, /, ""),
            mean: cells[0]?.mean ?? null,
            deviation: cells[0]?.deviation ?? null,
          }));
  const drawn = lineChart(points, line.label, metric);
  const values = points
    .map(({ series, at, mean }) => `${series} at ${at}: ${mean === null ? "n/a" : mean.toFixed(3)}`)
    .join("; ");
  return {
    svg: drawn.svg,
    caption:
      `${metric} of the test split, mean and standard deviation over seeds; the numbers are in the ` +
      "table below. The axis does not start at 0.",
    alt: `${title}. ${values}`,
    legend: drawn.legend,
  };
}
