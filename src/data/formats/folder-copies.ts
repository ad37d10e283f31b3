import { DataError } from "../../core/errors.js";
import { checkCopyRows } from "../check-copies.js";
import type { CorruptionTruth, DamagedCopies } from "../dataset.js";
import type { RawCopies } from "./assemble-dataset.js";
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
  const damage = Object.fromEntries(modalities.map((name) => [name, damageOf(name, table)]));
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

function damageOf(modality: string, table: TextTable): CorruptionTruth {
  const severity = Float32Array.from(table.column(`${modality}.severity`), (text, copy) => {
    if (isTableNumber(text)) return Number(text);
    throw new DataError(
      "data.invalid-value",
      `${table.name}, copy ${copy}: the severity of "${modality}" is "${text}".`,
      { hint: "Severities are numbers in [0, 1]." },
    );
  });
  return { severity, kind: [...table.column(`${modality}.kind`)] };
}

/** Returns the lines of the table that {@link readFolderCopies} reads, one JSON object per copy. */
export function copyLines({ rows, damage }: Pick<DamagedCopies, "rows" | "damage">): string[] {
  const done = Object.entries(damage);
  return Array.from(rows, (row, copy) => {
    const entries = done.flatMap(([name, { kind, severity }]) => [
      [`${name}.kind`, kind[copy]],
      [`${name}.severity`, severity[copy]],
    ]);
    return `${JSON.stringify({ row, ...Object.fromEntries(entries) })}\n`;
  });
}
