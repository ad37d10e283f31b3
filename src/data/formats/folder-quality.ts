import { DataError } from "../../core/errors.js";
import { checkQuality } from "../check-copies.js";
import type { Dataset, QualityTable, SplitName } from "../dataset.js";
import { mapSplits } from "./raw-dataset.js";
import { type NdArray, readFloats, showShape } from "./nd-array.js";

/**
 * Reads the measured quality of some modalities.
 * @param files by modality: path of an .npy file of shape (N, Q)
 * @param measures by modality: names of the Q measures
 * @param rows rows to take; undefined for all
 * @param size number of samples
 * @throws DataError "data.format", "data.width-mismatch" or "data.invalid-value"
 */
export function readQuality(
  files: Readonly<Record<string, string>> | undefined,
  measures: Readonly<Record<string, readonly string[]>>,
  {
    rows,
    size,
    open,
    place,
  }: {
    readonly rows: readonly number[] | undefined;
    readonly size: number;
    readonly open: (path: string) => NdArray;
    readonly place: string;
  },
): Readonly<Record<string, QualityTable>> {
  const tables = Object.entries(measures).map(([modality, names]) => {
    const path = files && Object.hasOwn(files, modality) ? files[modality] : undefined;
    if (path === undefined)
      throw new DataError("data.format", `${place}: there is no quality of "${modality}".`, {
        hint: 'Name an .npy file under its "quality", as in every other split.',
      });
    const array = open(path);
    const [count = 0, width] = array.shape;
    if (array.shape.length !== 2 || width !== names.length || (rows === undefined && count !== size))
      throw new DataError(
        "data.width-mismatch",
        `${array.place}: the shape is ${showShape(array.shape)}, expected (${size}, ${names.length}).`,
        { hint: "Quality needs one row per sample and one column per named measure." },
      );
    const all = readFloats(array); // [count, Q]
    const values = rows === undefined ? all : takeRows(all, rows, names.length);
    const table = { names, values };
    checkQuality(table, names, size, `${place}, modality "${modality}"`);
    return [modality, table] as const;
  });
  return Object.fromEntries(tables);
}

function takeRows(all: Float32Array, rows: readonly number[], width: number): Float32Array {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, n) => {
    out.set(all.subarray(row * width, (row + 1) * width), n * width);
  });
  return out;
}

/**
 * Adds measured quality to every split of a data set, and to its copies. Returns the same data set if there
 * are no measures.
 * @param measures by modality: names of the Q measures
 * @param read returns the quality of a split of `size` samples, or of the copies
 */
export function withQuality(
  dataset: Dataset,
  measures: Readonly<Record<string, readonly string[]>>,
  read: (part: SplitName | "copies", size: number) => Readonly<Record<string, QualityTable>>,
): Dataset {
  if (Object.keys(measures).length === 0) return dataset;
  const { modalities, splits, copies } = dataset;
  return {
    ...dataset,
    modalities: modalities.map((info) => {
      const quality = measures[info.name];
      return quality ? { ...info, quality } : info;
    }),
    splits: mapSplits((name) => ({ ...splits[name], quality: read(name, splits[name].size) })),
    ...(copies && { copies: { ...copies, quality: read("copies", copies.size) } }),
  };
}
