import { isAbsolute, relative, resolve, sep } from "node:path";
import type { TextTable } from "../../data/formats/table.js";
import { mediumNames } from "../../data/medium-names.js";
import type { Failure } from "./sample.js";

/**
 * The path that a table names, inside `folder`; undefined for one that leads out of it, is absolute, or is no
 * path at all. A table that came with someone's data must not reach for other files of the reader's.
 */
export function pathInside(folder: string, path: string): string | undefined {
  if (path === "" || path.includes("\0") || isAbsolute(path) || /^[a-z]:/i.test(path)) return undefined;
  const found = resolve(folder, path);
  const way = relative(folder, found);
  return way === "" || way.split(sep).includes("..") || isAbsolute(way) ? undefined : found;
}

/** A column of a table, or undefined where it has none of that name. */
export function optionalColumn(table: TextTable, name: string): readonly string[] | undefined {
  return table.columns.includes(name) ? table.column(name) : undefined;
}

/** The text of a row that has one, as texts by modality. */
export function textOf(text: string | undefined): Readonly<Record<string, string>> {
  return text === undefined ? {} : { [mediumNames.text.modality]: text };
}

/**
 * Separates rows that can be samples from those that cannot; of two rows with the same id the first counts.
 */
export class RowChecker {
  readonly failures: Failure[] = [];
  private readonly seen = new Set<string>();

  /** Whether this id is new and usable; otherwise the row is noted as a failure. */
  accept(id: string, row: string): boolean {
    if (id.trim() === "") return this.refuse(row, "data.invalid-value", `${row}: the id is empty`);
    if (this.seen.has(id))
      return this.refuse(
        id,
        "data.invalid-value",
        `${row}: the id "${id}" was there before; the first row counts`,
      );
    this.seen.add(id);
    return true;
  }

  refuse(id: string, code: string, message: string): false {
    this.failures.push({ id, code, message });
    return false;
  }
}
