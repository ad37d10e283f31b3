import type { ExperimentResult, ResultCell } from "../experiments/experiment-result.js";
import type { PaperTable } from "../experiments/paper-numbers.js";
import type { Table } from "./html.js";
import { fixed } from "./numbers.js";

/** "0.805 ± 0.013", "n/a" for what is undefined; the choice that was taken in brackets. */
export function cellText({ mean, deviation, note }: ResultCell): string {
  if (mean === null) return "n/a";
  const spread = deviation === null ? "" : ` ± ${fixed(deviation)}`;
  return `${fixed(mean)}${spread}${note === "" ? "" : ` (${note})`}`;
}

/** The table of an experiment; winners are bold. */
export function experimentTable({ title, caption, columns, rows }: ExperimentResult): Table {
  return {
    caption: `${title}. ${caption} Mean ± deviation over seeds${metricsOf(columns)}.`,
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

/** A table of the paper's own numbers. */
export function paperTable({ title, columns, rows }: PaperTable): Table {
  return {
    caption: `${title}.`,
    columns: [{ heading: "model" }, ...columns.map((heading) => ({ heading, numeric: true }))],
    rows: rows.map(({ label, values }) => [label, ...values.map((value) => value ?? "n/a")]),
  };
}

/** Differences from EUAR with intervals; undefined where no metric is a mean over samples. */
export function comparisonTable({ title, columns, rows }: ExperimentResult): Table | undefined {
  const compared = rows.filter(({ cells }) => cells.some(({ comparison }) => comparison !== null));
  if (compared.length === 0) return undefined;
  const reference = rows.find(({ role }) => role === "euar")?.label ?? "EUAR";
  return {
    caption: `${title}: difference from the row ${reference}, with its 95% interval (paired bootstrap over test samples) and the p-value of a sign-flip test, corrected over the rows of the column (Holm).`,
    columns: [{ heading: "model" }, ...columns.map(({ label }) => ({ heading: label, numeric: true }))],
    rows: compared.map(({ label, cells }) => [
      label,
      ...cells.map(({ comparison }) =>
        comparison === null
          ? "n/a"
          : `${signed(comparison.difference)} (${signed(comparison.low)} to ${signed(comparison.high)}), p ${comparison.adjusted < 0.001 ? "< 0.001" : fixed(comparison.adjusted)}`,
      ),
    ]),
  };
}

function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${fixed(value)}`;
}

/**
 * Mean uncertainty under each condition; undefined where no model has one, or all columns come from the same
 * runs.
 */
export function uncertaintyTable({ title, columns, rows }: ExperimentResult): Table | undefined {
  const known = rows.filter(({ cells }) => new Set(cells.map(({ uncertainty }) => uncertainty)).size > 1);
  if (known.length === 0) return undefined;
  return {
    caption: `${title}: mean predicted uncertainty over samples and modalities. Its unit is each model's own: only rows can be read, not columns.`,
    columns: [{ heading: "model" }, ...columns.map(({ label }) => ({ heading: label, numeric: true }))],
    rows: known.map(({ label, cells }) => [label, ...cells.map(({ uncertainty }) => fixed(uncertainty))]),
  };
}
