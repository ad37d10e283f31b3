import { defined } from "../../core/defined.js";
import { DataError } from "../../core/errors.js";
import { checkCopyRows } from "../check-copies.js";
import type { CorruptionTruth, DamagedCopies } from "../dataset.js";
import type { RawCopies } from "./raw-dataset.js";
import type { CopyFiles } from "./description.js";
import { arrayColumn } from "./feature-column.js";
import type { NdArray } from "./nd-array.js";
import { readTable } from "./read-text.js";
import { isTableNumber, type TextTable } from "./table.js";

/** Opens the files of a description. */
interface CopySource {
  readonly files: CopyFiles;
  /** Modalities to read. */
  readonly modalities: readonly string[];
  /** Number of training samples. */
  readonly trainSize: number;
  /** For messages, e.g. `folder/dataset.json: copies`. */
  readonly place: string;
  /** Opens an .npy file. */
  readonly open: (path: string) => NdArray;
  /** Returns the place of a file that the description names. */
  readonly fileOf: (path: string) => string;
}

/**
 * Reads the table of corrupted copies, and opens their features.
 * @throws DataError "data.format" or "data.invalid-value" for impossible rows, kinds or severities
 */
export function readFolderCopies({
  files,
  modalities,
  trainSize,
  place,
  open,
  fileOf,
}: CopySource): RawCopies {
  const table = readTable(fileOf(files.table));
  const rows = Int32Array.from(table.column("row"), (text, copy) => rowNumber(text, copy, table));
  const damage = readDamage(modalities, { name: table.name, column: (wanted) => table.column(wanted) });
  checkCopyRows({ size: table.rows, rows, damage }, { trainSize, names: modalities }, place);
  const columns = modalities.map((name) => {
    const path = files.features[name];
    if (path === undefined)
      throw new DataError("data.format", `${place}: the copies have no features of "${name}".`, {
        hint: 'Name an .npy file per modality under "features" of "copies".',
      });
    const array = open(path);
    return [name, arrayColumn(array, array.place)] as const;
  });
  const masks = modalities.flatMap((name) => {
    const path = files.masks?.[name];
    if (path === undefined) return [];
    const array = open(path);
    return [[name, arrayColumn(array, array.place)] as const];
  });
  return { place, rows, damage, columns: Object.fromEntries(columns), masks: Object.fromEntries(masks) };
}

function rowNumber(text: string, copy: number, table: TextTable): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new DataError("data.invalid-value", `${table.name}, copy ${copy}: the row is "${text}".`, {
    hint: "The row of the training split that the copy was made of is a whole number from 0.",
  });
}

/** Columns of a table of samples or copies. */
interface DamageTable {
  /** Name for messages. */
  readonly name: string;
  readonly column: (name: string) => readonly string[];
}

/**
 * Reads the corruption of the media of samples or copies: the columns `MODALITY.kind` and
 * `MODALITY.severity`.
 * @throws DataError "data.format" for a missing column, "data.invalid-value" for a severity that is below 0
 * or not a number
 */
export function readDamage(
  modalities: readonly string[],
  { name, column }: DamageTable,
): Record<string, CorruptionTruth> {
  const entries = modalities.map((modality): [string, CorruptionTruth] => {
    const severity = Float32Array.from(column(`${modality}.severity`), (text, row) => {
      if (isTableNumber(text) && Number(text) >= 0) return Number(text);
      throw new DataError(
        "data.invalid-value",
        `${name}, row ${row + 1}: the severity of "${modality}" is "${text}".`,
        { hint: "Severities are numbers from 0. Damaged media have severities up to 1." },
      );
    });
    return [modality, { severity, kind: [...column(`${modality}.kind`)] }];
  });
  return Object.fromEntries(entries);
}

/** Returns the lines of the table that {@link readFolderCopies} reads, one JSON object per copy. */
export function copyLines({ rows, damage }: Pick<DamagedCopies, "rows" | "damage">): string[] {
  return Array.from(rows, (row, copy) => `${JSON.stringify({ row, ...damageCells(damage, copy) })}\n`);
}

/** Returns the cells that {@link readDamage} reads, of one sample or copy. */
export function damageCells(
  damage: Readonly<Record<string, CorruptionTruth>>,
  row: number,
): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(damage).flatMap(([name, { kind, severity }]): [string, string | number][] => [
      [`${name}.kind`, defined(kind[row])],
      [`${name}.severity`, defined(severity[row])],
    ]),
  );
}
