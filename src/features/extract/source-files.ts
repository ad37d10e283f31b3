import { isAbsolute, relative, resolve, sep } from "node:path";
import type { TextTable } from "../../data/formats/table.js";
import { textMedium } from "../text/text-medium.js";
import type { Failure } from "./sample.js";

/**
 * Resolves a path of a table inside `folder`. Returns undefined for a path that leads out of it, is absolute,
 * or is not a path. A downloaded table must not reach other files of the user.
 */
export function pathInside(folder: string, path: string): string | undefined {
  if (path === "" || path.includes("\0") || isAbsolute(path) || /^[a-z]:/i.test(path)) return undefined;
  const found = resolve(folder, path);
  const way = relative(folder, found);
  return way === "" || way.split(sep).includes("..") || isAbsolute(way) ? undefined : found;
}

/** Returns a column of a table, or undefined if it has no such column. */
export function optionalColumn(table: TextTable, name: string): readonly string[] | undefined {
  return table.columns.includes(name) ? table.column(name) : undefined;
}

/** Returns the text of a row as texts by modality. Empty without text. */
export function textOf(text: string | undefined): Readonly<Record<string, string>> {
  return text === undefined ? {} : { [textMedium.modality]: text };
}

/**
 * Separates rows that can be samples from those that cannot. Keeps only the first of several rows with the
 * same id.
 */
export class RowChecker {
  readonly failures: Failure[] = [];
  private readonly seen = new Set<string>();

  /** True if the id is new and valid. Otherwise notes the row as a failure. */
  accept(id: string, row: string): boolean {
    if (id.trim() === "") return this.refuse(row, "data.invalid-value", `${row}: the id is empty`);
    if (this.seen.has(id))
      return this.refuse(
        id,
        "data.invalid-value",
        `${row}: an earlier row has the id "${id}"; only that row is used`,
      );
    this.seen.add(id);
    return true;
  }

  refuse(id: string, code: string, message: string): false {
    this.failures.push({ id, code, message });
    return false;
  }
}
