import type { Experiments } from "../experiments/experiment-result.js";
import { cellText, paperTable } from "./experiment-tables.js";
import { figureParts } from "./figures/figure-parts.js";
import { csv, type CsvValue, latexTable } from "./table-files.js";

/**
 * Writes one CSV line per cell (RFC 4180): experiment, model, column, metric, mean, deviation, seeds, and the
 * comparison with EUAR.
 */
export function experimentsCsv({ experiments }: Experiments): string {
  const head = [
    "experiment",
    "model",
    "column",
    "metric",
    "choice",
    "mean",
    "deviation",
    "values",
    "uncertainty",
    "difference",
    "low",
    "high",
    "p_adjusted",
    "wins",
  ];
  const lines = experiments.flatMap(({ name, columns, rows }) =>
    rows.flatMap(({ label, cells }) =>
      cells.map((cell, c): CsvValue[] => {
        const { comparison } = cell;
        const numbers = [comparison?.difference, comparison?.low, comparison?.high, comparison?.adjusted].map(
          (value) => value ?? null,
        );
        return [
          name,
          label,
          columns[c]?.label ?? "",
          columns[c]?.metric ?? "",
          cell.note,
          cell.mean,
          cell.deviation,
          cell.values.map((value) => value ?? "").join(" "),
          cell.uncertainty,
          ...numbers,
          cell.wins,
        ];
      }),
    ),
  );
  return csv(head, lines);
}

/** Writes one CSV line per point of every figure. */
export function figuresCsv({ figures }: Experiments): string {
  const lines = figures.flatMap((figure) =>
    figureParts(figure).flatMap(({ points }) =>
      points.map(({ panel, series, x, y, low, high, samples }): CsvValue[] => [
        figure.name,
        panel,
        series,
        x,
        y,
        low ?? null,
        high ?? null,
        samples ?? null,
      ]),
    ),
  );
  return csv(["figure", "panel", "series", "x", "y", "low", "high", "samples"], lines);
}

/** Writes the paper's own numbers, one CSV line per cell. */
export function paperCsv({ paper }: Experiments): string {
  return csv(
    ["experiment", "table", "model", "column", "value"],
    paper.flatMap(({ experiment, title, columns, rows }) =>
      rows.flatMap(({ label, values }) =>
        values.map((value, c): CsvValue[] => [experiment, title, label, columns[c] ?? "", value]),
      ),
    ),
  );
}

/** Writes all tables, including those of the figures and the paper, as LaTeX with booktabs, for `\input`. */
export function experimentsLatex({ experiments, figures, paper, seeds }: Experiments): string {
  const tables = experiments.map(({ title, caption, columns, rows, name }) => ({
    name,
    caption: `${title}. ${caption} Mean and standard deviation over ${seeds.length} seeds.`,
    columns: [{ heading: "model" }, ...columns.map(({ label }) => ({ heading: label, numeric: true }))],
    rows: rows.map(({ label, cells }) => [label, ...cells.map(cellText)]),
    best: new Set(
      rows.flatMap(({ cells }, r) => cells.flatMap(({ wins }, c) => (wins ? [`${r},${c + 1}`] : []))),
    ),
  }));
  const ofFigures = figures.flatMap((figure) =>
    figureParts(figure)
      .flatMap((part) => part.tables)
      .map((table, i) => ({ ...table, name: `${figure.name}-${i + 1}` })),
  );
  const ofPaper = paper.map((one, i) => ({ ...paperTable(one), name: `paper-${one.experiment}-${i + 1}` }));
  return (
    "% needs \\usepackage{booktabs}\n" +
    `${[...tables, ...ofFigures, ...ofPaper].map(latexTable).join("\n\n")}\n`
  );
}
