import { defined } from "../core/defined.js";
import type { Table } from "./html.js";

/**
 * Formats a table for a terminal: padded columns, numbers aligned right.
 * @param emphasise marks the best cells
 */
export function textTable(
  { caption, columns, rows, best }: Table,
  emphasise: (text: string) => string = (text) => text,
): string {
  const widths = columns.map((column, c) =>
    rows.reduce((most, cells) => Math.max(most, (cells[c] ?? "").length), column.heading.length),
  );
  const pad = (text: string, c: number): string =>
    columns[c]?.numeric === true ? text.padStart(defined(widths[c])) : text.padEnd(defined(widths[c]));
  const head = columns.map((column, c) => pad(column.heading, c)).join("  ");
  const body = rows.map((cells, r) =>
    cells
      .map((cell, c) => (best?.has(`${r},${c}`) === true ? emphasise(pad(cell, c)) : pad(cell, c)))
      .join("  ")
      .trimEnd(),
  );
  return [caption, head.trimEnd(), "-".repeat(head.length), ...body].join("\n");
}
