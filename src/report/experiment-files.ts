import type { Experiments } from "../experiments/experiment-result.js";
import { cellText } from "./experiment-tables.js";

/** One line per cell (RFC 4180): experiment, model, column, metric, mean, deviation, seeds, paper, and the comparison with EUAR. */
export function experimentsCsv({ experiments }: Experiments): string {
  const head = ["experiment", "model", "column", "metric", "choice", "mean", "deviation", "values", "uncertainty", "paper", "difference", "low", "high", "p_adjusted", "wins"];
  const lines = experiments.flatMap(({ name, columns, rows }) =>
    rows.flatMap(({ label, cells }) =>
      cells.map((cell, c) => {
        const { comparison } = cell;
        const numbers = [comparison?.difference, comparison?.low, comparison?.high, comparison?.adjusted].map((value) => value ?? null);
        return [name, label, columns[c]?.label ?? "", columns[c]?.metric ?? "", cell.note, cell.mean, cell.deviation, cell.values.map((value) => value ?? "").join(" "), cell.uncertainty, cell.paper, ...numbers, cell.wins];
      }),
    ),
  );
  return `${[head, ...lines].map((cells) => cells.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

function csvCell(value: string | number | boolean | null): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** The tables with booktabs, to be `\input`. */
export function experimentsLatex({ experiments, seeds }: Experiments): string {
  const tables = experiments.map(({ title, caption, columns, rows, name }) => {
    const body = rows.map(({ label, cells }) => [latex(label), ...cells.map((cell) => (cell.wins ? `\\textbf{${number(cell)}}` : number(cell)))].join(" & "));
    return [
      "\\begin{table}",
      "  \\centering",
      `  \\caption{${latex(`${title}. ${caption} Mean and deviation over ${seeds.length} seeds.`)}}`,
      `  \\label{tab:${name}}`,
      `  \\begin{tabular}{l${"r".repeat(columns.length)}}`,
      "    \\toprule",
      `    ${["model", ...columns.map(({ label }) => label)].map(latex).join(" & ")} \\\\`,
      "    \\midrule",
      ...body.map((line) => `    ${line} \\\\`),
      "    \\bottomrule",
      "  \\end{tabular}",
      "\\end{table}",
    ].join("\n");
  });
  return `% needs \\usepackage{booktabs}\n${tables.join("\n\n")}\n`;

  function number(cell: Parameters<typeof cellText>[0]): string {
    return latex(cellText(cell)).replace("±", "$\\pm$");
  }
}

const SPECIAL: Readonly<Record<string, string>> = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", ε: "$\\varepsilon$" };

function latex(text: string): string {
  return text.replace(/[\\~^ε&%$#_{}]/gu, (character) => SPECIAL[character] ?? `\\${character}`);
}
