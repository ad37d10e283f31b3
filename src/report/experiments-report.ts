import type { Experiments, ExperimentResult } from "../experiments/experiment-result.js";
import { lineChart, type LinePoint } from "./line-chart.js";
import { comparisonTable, experimentTable, paperTable, uncertaintyTable } from "./experiment-tables.js";
import { figure, heading, type Html, page, paragraph, table } from "./html.js";

/** One self-contained page of all tables and figures: no scripts, nothing loaded from elsewhere, readable by screen readers and on paper, in light and dark. */
export function experimentsReport({ data, seeds, experiments, failures, version }: Experiments): string {
  const sizes = Object.entries(data.sizes).map(([split, size]) => `${size} ${split}`).join(", ");
  const intro = [
    paragraph(`Data: ${data.name} (${sizes}; ${data.modalities.join(", ")}). Seeds: ${seeds.join(", ")}. Epochs are chosen on the validation split; every number is of the test split, which each run reads once. euar ${version}.`),
    paragraph("A number is bold only where it is better than every other row of its column beyond chance (sign-flip test on the same samples, corrected for their number, p < 0.05). Where nothing is bold, nothing wins."),
  ];
  return page(`Experiments on ${data.name}`, [...intro, ...experiments.flatMap(section), ...failed(failures)]);
}

function section(experiment: ExperimentResult): Html[] {
  const tables = [experimentTable(experiment), comparisonTable(experiment), uncertaintyTable(experiment), paperTable(experiment)];
  return [heading(experiment.title), ...chartOf(experiment), ...tables.flatMap((one) => (one ? [table(one)] : []))];
}

function chartOf({ title, line, columns, rows }: ExperimentResult): Html[] {
  if (line === null) return [];
  const metric = columns[0]?.metric ?? "";
  const points: LinePoint[] =
    line.along === "columns"
      ? rows.flatMap(({ label, cells }) => cells.map((cell, c) => ({ series: label, at: columns[c]?.label ?? "", mean: cell.mean, deviation: cell.deviation })))
      : rows.filter(({ role }) => role !== "baseline").map(({ label, cells }) => ({ series: "EUAR", at: label.replace(/^EUAR, /, ""), mean: cells[0]?.mean ?? null, deviation: cells[0]?.deviation ?? null }));
  const drawn = lineChart(points, line.label, metric);
  const told = points.map(({ series, at, mean }) => `${series} at ${at}: ${mean === null ? "n/a" : mean.toFixed(3)}`).join("; ");
  return [figure(drawn.svg, { caption: `${metric} of the test split, mean and deviation over seeds. The axis does not begin at 0.`, alt: `${title}. ${told}`, legend: drawn.legend })];
}

function failed(failures: Experiments["failures"]): Html[] {
  if (failures.length === 0) return [];
  return [heading("Runs that failed"), table({ caption: "Cells of these runs are n/a.", columns: [{ heading: "run" }, { heading: "code" }, { heading: "message" }], rows: failures.map(({ label, code, message }) => [label, code, message]) })];
}
