import { basename, dirname, resolve } from "node:path";
import { readTable } from "../../data/formats/read-text.js";
import { textMedium } from "../text/text-medium.js";
import { mediumOf } from "../registry.js";
import type { MediaColumn } from "./media-columns.js";
import { foldOf, groupingOf, type SourceOptions, splitNotes } from "./read-clips.js";
import type { Sample, SampleSource } from "./sample.js";
import { optionalColumn, pathInside, RowChecker } from "./source-files.js";
import { seededSplits, splitOf } from "./split-rows.js";

/** Default columns of a table. */
const TEXTS: readonly MediaColumn[] = [{ name: textMedium.modality, kind: "text", column: "text" }];

/**
 * Reads a table (.tsv, .csv or .jsonl) whose columns hold media: the columns that the options name (default
 * `text`) and the label. Columns `id` (or `uid`) and `mode` (or `split`, `std_split`) are optional. Texts are
 * cells. Other media are paths relative to the table; an empty cell is a missing medium. A row that cannot be
 * a sample becomes a failure.
 * @throws DataError for a table that cannot be read or lacks a column
 */
export function readMediaTable(path: string, options: SourceOptions): SampleSource {
  const { label, seed, media = TEXTS } = options;
  const file = resolve(path);
  const table = readTable(file);
  const columns = media.map((column) => ({ ...column, cells: table.column(column.column) }));
  const labels = table.column(label);
  const given = optionalColumn(table, "id") ?? optionalColumn(table, "uid");
  const modes = ["mode", "split", "std_split"]
    .map((name) => optionalColumn(table, name))
    .find((column) => column !== undefined);
  const ids = labels.map((_, row) => given?.[row] ?? String(row + 1));
  const fold = foldOf(table, ids, options);
  const grouping = groupingOf(table, options, modes !== undefined);
  const drawn = fold ?? (modes === undefined ? seededSplits(ids, seed, grouping) : undefined);
  const rows = new RowChecker();
  const samples = ids.flatMap((id, row): Sample[] => {
    const place = `${table.name}, row ${row + 1}`;
    const split = drawn?.splits.get(id) ?? splitOf(modes?.[row] ?? "");
    if (split === undefined) {
      const found = `the split "${modes?.[row] ?? ""}" is none of train, valid and test`;
      rows.refuse(id, "data.invalid-value", `${place}: ${found}`);
      return [];
    }
    const cells = columns.map(({ cells: all, ...column }): MediaCell => ({
      ...column,
      cell: all[row] ?? "",
    }));
    const files = filesOf(cells, dirname(file), id, place, rows);
    if (files === undefined || !rows.accept(id, place)) return [];
    return [{ id, split, label: labels[row] ?? "", texts: textsOf(cells), files, transcript: undefined }];
  });
  const notes = splitNotes(table, fold, drawn);
  const modalities = media.map(({ name, kind }) => ({ name, kind }));
  return { name: basename(path), layout: "table", samples, failures: rows.failures, modalities, notes };
}

interface MediaCell extends MediaColumn {
  readonly cell: string;
}

function isText({ kind }: MediaColumn): boolean {
  return mediumOf(kind).ofText !== undefined;
}

function textsOf(cells: readonly MediaCell[]): Readonly<Record<string, string>> {
  return Object.fromEntries(cells.filter(isText).map(({ name, cell }) => [name, cell]));
}

/** Absolute paths by modality. If one leads out of the folder, notes a failure and returns undefined. */
function filesOf(
  cells: readonly MediaCell[],
  folder: string,
  id: string,
  place: string,
  rows: RowChecker,
): Readonly<Record<string, string>> | undefined {
  const files = new Map<string, string>();
  for (const { name, cell } of cells.filter((column) => !isText(column) && column.cell.trim() !== "")) {
    const path = pathInside(folder, cell.trim());
    if (path === undefined) {
      rows.refuse(id, "data.unsafe", `${place}: the ${name} "${cell}" leads out of the folder`);
      return undefined;
    }
    files.set(name, path);
  }
  return Object.fromEntries(files);
}
