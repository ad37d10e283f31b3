import type { ExperimentResult, ResultCell } from "../experiments/experiment-result.js";
import type { PaperTable } from "../experiments/paper-numbers.js";
import type { Table } from "./html.js";
import { fixed } from "./numbers.js";

/** Formats a cell: "0.805 ± 0.013", or "n/a" if undefined. The selected choice follows in brackets. */
export function cellText({ mean, deviation, note }: ResultCell): string {
  if (mean === null) return "n/a";
  const spread = deviation === null ? "" : ` ± ${fixed(deviation)}`;
  return `${fixed(mean)}${spread}${note === "" ? "" : ` (${note})`}`;
}

/** Builds the table of an experiment, with winners in bold. */
export function experimentTable({ title, caption, columns, rows }: ExperimentResult): Table {
  return {
    caption: `${title}. ${caption} Mean ± standard deviation over seeds${metricsOf(columns)}.`,
    columns: [{ heading: "model" }, ...columns.map(({ label }) => ({ heading: label, numeric: true }))],
    rows: rows.map(({ label, cells }) => [label, ...cells.map(cellText)]),
    best: new Set(
      rows.flatMap(({ cells }, r) => cells.flatMap(({ wins }, c) => (wins ? [`${r},${c + 1}`] : []))),
    ),
  };
}

function metricsOf(columns: ExperimentResult["columns"]): string {
  const names = [...new Set(columns.map(({ metric }) => metric))];
  return names.length === 1 && names[0] !== columns[0]?.label ? ` of ${names.join("")}` : "";
}

/** Builds a table of the paper's own numbers. */
export function paperTable({ title, columns, rows }: PaperTable): Table {
  return {
    caption: `${title}.`,
    columns: [{ heading: "model" }, ...columns.map((heading) => ({ heading, numeric: true }))],
    rows: rows.map(({ label, values }) => [label, ...values.map((value) => value ?? "n/a")]),
  };
}

/**
 * Builds the table of differences from EUAR with intervals. Undefined if no metric is a mean over samples.
 */
export function comparisonTable({ title, columns, rows, level = 0.95 }: ExperimentResult): Table | undefined {
  const compared = rows.filter(({ cells }) => cells.some(({ comparison }) => comparison !== null));
  if (compared.length === 0) return undefined;
  const reference = rows.find(({ role }) => role === "euar")?.label ?? "EUAR";
  return {
    caption:
      `${title}: difference from the row ${reference}, with its ${Number((100 * level).toFixed(2))}% ` +
      "interval (paired bootstrap over test samples) and the p-value of a sign-flip test, corrected over " +
      "the rows of the column (Holm).",
    columns: [{ heading: "model" }, ...columns.map(({ label }) => ({ heading: label, numeric: true }))],
    rows: compared.map(({ label, cells }) => [
      label,
      ...cells.map(({ comparison }) =>
        comparison === null
          ? "n/a"
          : `${signed(comparison.difference)} (${signed(comparison.low)} to ` +
            `${signed(comparison.high)}), p ` +
            (comparison.adjusted < 0.001 ? "< 0.001" : fixed(comparison.adjusted)),
      ),
    ]),
  };
}

function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${fixed(value)}`;
}

/**
 * Builds the table of mean uncertainties under each condition. Undefined if no model has uncertainties, or if
 * all columns come from the same runs.
 */
export function uncertaintyTable({ title, columns, rows }: ExperimentResult): Table | undefined {
  const known = rows.filter(({ cells }) => new Set(cells.map(({ uncertainty }) => uncertainty)).size > 1);
  if (known.length === 0) return undefined;
  return {
    caption:
      `${title}: mean predicted uncertainty over samples and modalities. Each model has its own unit: ` +
      "compare values within a row, not within a column.",
    columns: [{ heading: "model" }, ...columns.map(({ label }) => ({ heading: label, numeric: true }))],
    rows: known.map(({ label, cells }) => [label, ...cells.map(({ uncertainty }) => fixed(uncertainty))]),
  };
}
