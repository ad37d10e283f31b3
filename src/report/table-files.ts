import type { Table } from "./html.js";

/** Cell of a CSV file; null is an empty one. */
export type CsvValue = string | number | boolean | null;

/** Writes a table as CSV (RFC 4180). */
export function csv(head: readonly string[], lines: readonly (readonly CsvValue[])[]): string {
  return `${[head, ...lines].map((cells) => cells.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

function csvCell(value: CsvValue): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** Writes a table as LaTeX with booktabs. Its label is "tab:" and the name. */
export function latexTable({
  name,
  caption,
  columns,
  rows,
  best,
}: Table & { readonly name: string }): string {
  const cell = (text: string, r: number, c: number): string =>
    best?.has(`${r},${c}`) === true ? `\\textbf{${latex(text)}}` : latex(text);
  return [
    "\\begin{table}",
    "  \\centering",
    `  \\caption{${latex(caption)}}`,
    `  \\label{tab:${name}}`,
    `  \\begin{tabular}{${columns.map(({ numeric }) => (numeric === true ? "r" : "l")).join("")}}`,
    "    \\toprule",
    `    ${columns.map(({ heading }) => latex(heading)).join(" & ")} \\\\`,
    "    \\midrule",
    ...rows.map((cells, r) => `    ${cells.map((text, c) => cell(text, r, c)).join(" & ")} \\\\`),
    "    \\bottomrule",
    "  \\end{tabular}",
    "\\end{table}",
  ].join("\n");
}

const SPECIAL: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  ε: "$\\varepsilon$",
  "±": "$\\pm$",
  "<": "$<$",
  ">": "$>$",
};

function latex(text: string): string {
  return text.replace(/[\\~^ε±<>&%$#_{}]/gu, (character) => SPECIAL[character] ?? `\\${character}`);
}
