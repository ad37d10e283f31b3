import { defined } from "../core/defined.js";
import { DataError } from "../core/errors.js";
import type { Dataset, Split, SplitName } from "./dataset.js";
import { labelOf, type PlainLabel } from "./label-of.js";
import { SCORE } from "./quality-measures.js";

/** Selection of the samples of a split to show. Sizes: N samples. */
export interface SampleFilter {
  readonly split: SplitName;
  /** Number of samples to skip. */
  readonly from: number;
  readonly limit: number;
  /** Part of the id or of the text. Upper and lower case are equal. */
  readonly search?: string | undefined;
  /** Lowest label of a regression with one target. */
  readonly least?: number | undefined;
  /** Highest label of a regression with one target. */
  readonly most?: number | undefined;
  /** Only samples of this class, or with this label. */
  readonly label?: string | undefined;
  /** Only samples without this modality. */
  readonly missing?: string | undefined;
  /** Only samples with this measured quality problem, e.g. "audio.silent". */
  readonly problem?: string | undefined;
  /** Only samples with these ids. */
  readonly only?: readonly string[] | undefined;
  /** Only samples without these ids. */
  readonly except?: readonly string[] | undefined;
  /** Only these rows, in this order. Default: all rows, in the order of the split. */
  readonly rows?: readonly number[] | undefined;
}

/** Measured quality problem of the medium of a modality. */
export interface SampleProblem {
  readonly modality: string;
  /** E.g. "audio.silent". */
  readonly code: string;
  /** Bad fraction of the input, in (0, 1]. */
  readonly severity: number;
}

/** Sample without its features. Plain data. */
export interface ShownSample {
  /** Row of the split, from 0. */
  readonly row: number;
  readonly id: string;
  readonly label: PlainLabel;
  readonly text: string | null;
  /** Number of real steps by modality; null if the sample lacks it. */
  readonly steps: Readonly<Record<string, number | null>>;
  /** Known corruption by modality, e.g. "noise". Absent if it is unknown. */
  readonly corruption: Readonly<Record<string, string>>;
  /** Measured problems. Empty if quality was not measured. */
  readonly problems: readonly SampleProblem[];
}

/** Page of the samples that match a filter. */
export interface SamplePage {
  /** Number of samples that match. */
  readonly total: number;
  readonly samples: readonly ShownSample[];
}

/** Returns a page of the samples that match, in the order of `filter.rows` or of the split. */
export function findSamples(dataset: Dataset, filter: SampleFilter): SamplePage {
  const split = dataset.splits[filter.split];
  const only = filter.only && new Set(filter.only);
  const except = new Set(filter.except);
  const rows = (filter.rows ?? Array.from({ length: split.size }, (_, row) => row)).filter((row) => {
    const id = defined(split.ids[row]);
    return only?.has(id) !== false && !except.has(id) && matches(dataset, split, row, filter);
  });
  return {
    total: rows.length,
    samples: rows.slice(filter.from, filter.from + filter.limit).map((row) => show(dataset, split, row)),
  };
}

function matches(
  { task }: Dataset,
  split: Split,
  row: number,
  { search, least, most, label, missing, problem }: SampleFilter,
): boolean {
  const words = `${split.ids[row] ?? ""}\n${split.texts?.[row] ?? ""}`.toLowerCase();
  const own = labelOf(split, row, task);
  return (
    (search === undefined || words.includes(search.toLowerCase())) &&
    (least === undefined || typeof own !== "number" || own >= least) &&
    (most === undefined || typeof own !== "number" || own <= most) &&
    (label === undefined || (Array.isArray(own) ? own.includes(label) : own === label)) &&
    (missing === undefined || split.modalities[missing]?.present[row] === 0) &&
    (problem === undefined || problemsOf(split, row).some(({ code }) => code === problem))
  );
}

function show({ task }: Dataset, split: Split, row: number): ShownSample {
  const tables = Object.entries(split.modalities);
  return {
    row,
    id: defined(split.ids[row]),
    label: labelOf(split, row, task),
    text: split.texts?.[row] ?? null,
    steps: Object.fromEntries(
      tables.map(([name, { present, mask, steps }]) => [
        name,
        present[row] === 1
          ? mask.subarray(row * steps, (row + 1) * steps).reduce((sum, real) => sum + real, 0)
          : null,
      ]),
    ),
    corruption: Object.fromEntries(
      tables.flatMap(([name]) => {
        const kind = split.corruption?.[name]?.kind[row];
        return kind === undefined ? [] : [[name, kind]];
      }),
    ),
    problems: problemsOf(split, row),
  };
}

function problemsOf({ quality = {}, modalities }: Split, row: number): SampleProblem[] {
  return Object.entries(quality).flatMap(([modality, { names, values }]) =>
    names.flatMap((code, q) => {
      const severity = defined(values[row * names.length + q]);
      const isProblem = code !== SCORE && severity > 0 && modalities[modality]?.present[row] === 1;
      return isProblem ? [{ modality, code, severity }] : [];
    }),
  );
}

/**
 * Features of a sample by modality, as a prediction takes them: vectors of the real steps, or null. The
 * vectors are views of the data set.
 */
export type FeatureVectors = Readonly<Record<string, readonly Float32Array[] | Float32Array | null>>;

/** The same in plain JSON. */
export type PlainFeatures = Readonly<
  Record<string, readonly (readonly number[])[] | readonly number[] | null>
>;

/** @throws DataError "data.not-found" for a row that the split does not have */
export function requireRow({ splits }: Dataset, name: SplitName, row: number): void {
  const { size } = splits[name];
  if (row >= size)
    throw new DataError("data.not-found", `the split ${name} has ${size} samples, and no row ${row}`);
}

/**
 * Returns the features of one sample.
 * @throws DataError "data.not-found" for a row that the split does not have
 */
export function featuresOf(dataset: Dataset, name: SplitName, row: number): PlainFeatures {
  requireRow(dataset, name, row);
  return Object.fromEntries(
    Object.entries(vectorsOf(dataset.splits[name], row)).map(([modality, vectors]) => [
      modality,
      vectors === null || vectors instanceof Float32Array
        ? vectors && Array.from(vectors)
        : vectors.map((vector) => Array.from(vector)),
    ]),
  );
}

/** Returns the features of one sample. */
export function vectorsOf({ modalities }: Split, row: number): FeatureVectors {
  return Object.fromEntries(
    Object.entries(modalities).map(([modality, { present, mask, steps, width, values }]) => {
      if (present[row] === 0) return [modality, null];
      const vectors = Array.from({ length: steps }, (_, t) => row * steps + t)
        .filter((at) => mask[at] === 1)
        .map((at) => values.subarray(at * width, (at + 1) * width));
      return [modality, steps === 1 ? defined(vectors[0]) : vectors];
    }),
  );
}

/** Bin of a histogram: number of values in [low, high). The last bin includes `high`. */
export interface Bin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/**
 * Counts values in bins of equal width from the lowest to the highest. Leaves out values that are not finite.
 * One bin if all are equal; none without values.
 */
export function histogram(values: ArrayLike<number>, bins = 13): Bin[] {
  const known = Array.from(values).filter(Number.isFinite);
  if (known.length === 0) return [];
  const low = known.reduce((least, value) => Math.min(least, value), Infinity);
  const high = known.reduce((most, value) => Math.max(most, value), -Infinity);
  const count = low === high ? 1 : bins;
  const width = (high - low) / count;
  const counts = new Array<number>(count).fill(0);
  for (const value of known) {
    const bin = width === 0 ? 0 : Math.min(count - 1, Math.floor((value - low) / width));
    counts[bin] = defined(counts[bin]) + 1;
  }
  return counts.map((own, bin) => ({ low: low + bin * width, high: low + (bin + 1) * width, count: own }));
}

/** Distributions of one split. */
export interface SplitDistributions {
  /** Labels of each target of a regression; empty for other tasks. */
  readonly labels: Readonly<Record<string, readonly Bin[]>>;
  /** Numbers of real steps of the samples that have the modality. */
  readonly steps: Readonly<Record<string, readonly Bin[]>>;
  /** Number of samples with each measured quality problem, by its code. */
  readonly problems: Readonly<Record<string, number>>;
}

/** Returns the distributions of labels and lengths, by split. */
export function distributionsOf({ splits, task }: Dataset): Record<SplitName, SplitDistributions> {
  const describe = (split: Split): SplitDistributions => ({
    labels:
      task.kind === "regression"
        ? Object.fromEntries(
            task.targets.map((target, t) => [
              target,
              histogram(split.labels.filter((_, i) => i % task.targets.length === t)),
            ]),
          )
        : {},
    steps: Object.fromEntries(
      Object.entries(split.modalities).map(([name, { steps, mask, present }]) => [
        name,
        histogram(
          Array.from({ length: split.size }, (_, row) => row)
            .filter((row) => present[row] === 1)
            .map((row) => mask.subarray(row * steps, (row + 1) * steps).reduce((sum, real) => sum + real, 0)),
        ),
      ]),
    ),
    problems: countProblems(split),
  });
  return { train: describe(splits.train), valid: describe(splits.valid), test: describe(splits.test) };
}

function countProblems(split: Split): Record<string, number> {
  const counts = new Map<string, number>();
  for (let row = 0; row < split.size; row++)
    for (const code of new Set(problemsOf(split, row).map((problem) => problem.code)))
      counts.set(code, (counts.get(code) ?? 0) + 1);
  return Object.fromEntries(counts);
}
