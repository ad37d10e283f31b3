import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { defined } from "../../core/defined.js";
import { DataError } from "../../core/errors.js";
import { CLEAN, type CorruptionTruth, type Dataset, type QualityTable } from "../../data/dataset.js";
import { DAMAGED_FILE } from "../../features/extract/write-dataset.js";
import type { DataReading, DataSets } from "../data-sets.js";

/** Copies of all test samples with one severity, of one series of kinds. */
export interface SeverityLevel {
  readonly severity: number;
  /** Row of each test sample's copy in the damaged test split, [N]. */
  readonly rows: readonly number[];
}

/** Rising severities of one series of kinds: `met` in training, or `new`. */
export interface DamageSeries {
  readonly name: string;
  /** In ascending order. */
  readonly levels: readonly SeverityLevel[];
}

/** One fold: a data set with copies for training, and its test split over rising severity. */
export interface Fold {
  readonly name: string;
  /** Data set whose test split is clean. */
  readonly source: string;
  /** Data set whose test split consists of the corrupted copies. */
  readonly damagedSource: string;
  readonly dataset: Dataset;
  /** Corruption of each copy, by modality. */
  readonly truth: Readonly<Record<string, CorruptionTruth>>;
  /** Measured quality of each copy, by modality. */
  readonly quality: Readonly<Record<string, QualityTable>>;
  /** Labels of the damaged test split. */
  readonly labels: Float32Array;
  readonly series: readonly DamageSeries[];
}

/**
 * Reads the folds of a folder: the data sets of `euar extract --copies --test-copies` in its folders. A
 * folder that is itself such a data set is the only fold.
 * @throws DataError "data.not-found" for a folder without such data sets
 * @throws DataError "data.format" for data sets without copies, or with test copies of other names
 */
export async function readFolds(
  folder: string,
  data: DataSets,
  reading: DataReading = {},
): Promise<readonly Fold[]> {
  const isDataset = (place: string): boolean => existsSync(join(place, "dataset.json"));
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  const names = isFolder && !isDataset(folder) ? readdirSync(folder).sort() : [""];
  const sources = names.map((name) => join(folder, name)).filter(isDataset);
  if (sources.length === 0)
    throw new DataError("data.not-found", `${folder} has no data set of damaged media.`, {
      hint: "Make one with euar extract --copies ... --test-copies ... --out FOLDER.",
    });
  const folds: Fold[] = [];
  for (const source of sources) folds.push(await readFold(source, data, reading));
  return folds;
}

async function readFold(source: string, data: DataSets, reading: DataReading): Promise<Fold> {
  const damagedSource = join(source, DAMAGED_FILE);
  if (!existsSync(damagedSource))
    throw new DataError("data.not-found", `${source} has no ${DAMAGED_FILE}.`, {
      hint: "Extract it again with --copies and --test-copies.",
    });
  const dataset = await data.get(source, reading);
  if (dataset.copies === undefined)
    throw new DataError("data.format", `${source} has no corrupted copies of training samples.`, {
      hint: "Extract it again with --copies: every row of the table trains on them.",
    });
  const { test } = (await data.get(damagedSource, reading)).splits;
  return {
    name: defined(source.split(/[/\\]/).at(-1)),
    source,
    damagedSource,
    dataset,
    truth: test.corruption ?? {},
    quality: test.quality ?? {},
    labels: test.labels,
    series: seriesOf(dataset.splits.test.ids, test.ids, damagedSource),
  };
}

const COPY_ID = /^(.*)#(met|new)-([\d.]+)$/s;

/** Finds the copies of each test sample. Levels at which a sample has no copy are left out. */
function seriesOf(ids: readonly string[], copies: readonly string[], place: string): DamageSeries[] {
  const found = new Map<string, Map<number, Map<string, number>>>();
  copies.forEach((id, row) => {
    const [, original, name, severity] = COPY_ID.exec(id) ?? [];
    if (original === undefined || name === undefined)
      throw new DataError("data.format", `${place}: the test sample "${id}" is not a copy of another.`, {
        hint: "Use the data set that euar extract --test-copies wrote.",
      });
    const levels = found.get(name) ?? new Map<number, Map<string, number>>();
    const rows = levels.get(Number(severity)) ?? new Map<string, number>();
    found.set(name, levels.set(Number(severity), rows.set(original, row)));
  });
  return [...found].flatMap(([name, bySeverity]): DamageSeries[] => {
    const levels = [...bySeverity]
      .sort(([a], [b]) => a - b)
      .map(([severity, rows]) => ({ severity, rows: ids.flatMap((id) => rows.get(id) ?? []) }))
      .filter(({ rows }) => rows.length === ids.length);
    return levels.length === 0 ? [] : [{ name, levels }];
  });
}

/** Names the kinds of a modality in a series, in alphabetical order. */
export function kindsOf({ truth }: Fold, { levels }: DamageSeries, modality: string): string[] {
  const kinds = levels.flatMap(({ rows }) => rows.map((row) => truth[modality]?.kind[row] ?? CLEAN));
  return [...new Set(kinds)].filter((kind) => kind !== CLEAN).sort();
}
