import { DataError } from "../../core/errors.js";
import type { FeatureOrigin } from "../adapter-identity.js";
import {
  type DamagedCopies,
  type Dataset,
  labelsPerSample,
  outputNames,
  type LabelReading,
  type ModalityInfo,
  type ModalityTable,
  SPLIT_NAMES,
  type Split,
  type SplitName,
  type Task,
  type TokenIds,
} from "../dataset.js";
import { buildTable, checkColumn, type TableCounts } from "./build-table.js";
import { requireUsableNames } from "../modality-names.js";
import { pickKeys } from "../select-modalities.js";
import type { FeatureColumn } from "./feature-column.js";

/** One split of a source. The features are not read yet. */
export interface RawSplit {
  /** For messages, e.g. `file.pkl: train`. */
  readonly place: string;
  readonly ids: readonly string[];
  readonly texts?: readonly string[] | undefined;
  /** See {@link Split.tokens}. */
  readonly tokens?: TokenIds | undefined;
  /** [N, targets] values, [N] class indices, or [N, labels] of 0 and 1. */
  readonly labels: Float32Array;
  /** By modality. */
  readonly columns: Readonly<Record<string, FeatureColumn>>;
  /** By modality, [N]: 0 where the sample lacks it. */
  readonly present?: Readonly<Record<string, ArrayLike<number>>>;
  /** Masks by modality, as columns with one step of width T. They override zeros and stated lengths. */
  readonly masks?: Readonly<Record<string, FeatureColumn>>;
}

/** Corrupted copies of a source. The features are not read yet. */
export interface RawCopies extends Pick<RawSplit, "place" | "columns" | "masks"> {
  /** [C] rows of the training split. */
  readonly rows: Int32Array;
  readonly damage: DamagedCopies["damage"];
}

export interface RawDataset {
  readonly name: string;
  readonly task: Task;
  /** Modalities in the order in which models read them. */
  readonly modalities: readonly string[];
  readonly splits: Readonly<Record<SplitName, RawSplit>>;
  readonly notes: readonly string[];
  readonly labelReading: LabelReading;
  /** By modality. */
  readonly features?: Readonly<Record<string, FeatureOrigin>>;
  readonly copies?: RawCopies;
}

/** Returns all parts with features: the splits and the copies. */
function partsOf({
  splits,
  copies,
}: RawDataset): readonly [string, number, Omit<RawSplit, "ids" | "labels">][] {
  return [
    ...SPLIT_NAMES.map((name) => [name, splits[name].ids.length, splits[name]] as const),
    ...(copies ? [["copies", copies.rows.length, copies] as const] : []),
  ].map(([name, size, part]) => [name, size, part]);
}

/** Size in bytes of the largest array in every supported version of Node. */
const LARGEST_ARRAY = 2 ** 32;

/** @throws DataError "data.format", before anything is read, for features that are larger than any array */
function requireArrays(raw: RawDataset, pool: "none" | "mean"): void {
  for (const modality of raw.modalities) {
    const steps = pool === "mean" ? 1 : commonSteps(raw, modality);
    for (const [, , { columns, place }] of partsOf(raw)) {
      const { count, width } = columnOf(columns, modality, place);
      const bytes = 4 * count * steps * width;
      if (bytes <= LARGEST_ARRAY) continue;
      throw new DataError(
        "data.format",
        `${place}, modality "${modality}": ${count} samples of ${steps} steps of ${width} features take ` +
          `${bytes} bytes, more than the ${LARGEST_ARRAY} that one array can have.`,
        {
          hint: "Read the means over the steps (--pool mean), cut long sequences, or divide the split.",
        },
      );
    }
  }
}

/**
 * Checks that the splits fit together, and reads their features.
 * @throws DataError "data.empty", "data.width-mismatch", "data.format" or "data.invalid-value", naming the
 * split and modality
 */
export function assembleDataset(raw: RawDataset, pool: "none" | "mean"): Dataset {
  const notes = [...raw.notes];
  requireUsableNames(raw.modalities, raw.name);
  for (const name of SPLIT_NAMES) checkLabels(raw.splits[name], raw.task);
  requireArrays(raw, pool);
  const tables: Record<string, Record<string, ModalityTable>> = {};
  const infos = raw.modalities.map((modality): ModalityInfo => {
    const steps = commonSteps(raw, modality);
    for (const [name, , { columns, present, masks, place }] of partsOf(raw)) {
      const column = columnOf(columns, modality, place);
      const given = present?.[modality];
      const mask = masks?.[modality];
      if (mask !== undefined) checkMask(mask, column);
      const { table, counts } = buildTable(widened(column, steps), {
        steps,
        pool,
        ...(given && { present: given }),
        ...(mask && { mask }),
      });
      tables[name] = { ...tables[name], [modality]: table };
      notes.push(...describeCounts(counts, table, `${name}/${modality}`));
    }
    return {
      name: modality,
      width: columnOf(raw.splits.train.columns, modality, raw.splits.train.place).width,
      steps: pool === "mean" ? 1 : steps,
    };
  });
  notes.push(...duplicateIds(raw), ...labelNotes(raw));
  const features = originsOf(raw, infos, pool);
  return {
    name: raw.name,
    task: raw.task,
    modalities: infos,
    splits: mapSplits((name) => toSplit(name, raw.splits[name], tables[name] ?? {})),
    ...(raw.copies && { copies: copiesOf(raw.copies, tables["copies"] ?? {}) }),
    notes,
    labelReading: raw.labelReading,
    ...(features && { features }),
  };
}

/**
 * Returns the origin of the features, including the pooling of this reading.
 * @throws DataError if a width differs from that of the adapter
 */
function originsOf(
  { features, name: place }: RawDataset,
  infos: readonly ModalityInfo[],
  pool: "none" | "mean",
): Record<string, FeatureOrigin> | undefined {
  if (features === undefined) return undefined;
  const origins = pickKeys(
    features,
    infos.map(({ name }) => name),
  );
  for (const { name, width } of infos) {
    const origin = origins[name];
    if (origin === undefined) continue;
    if (origin.width !== width) {
      throw new DataError(
        "data.width-mismatch",
        `${place}: ${name} has ${width} features, but its stated adapter ${origin.adapter} makes ` +
          `${origin.width}.`,
        {
          hint: 'Extract the features again, or take the modality out of "features" in dataset.json.',
        },
      );
    }
    if (pool === "mean")
      origins[name] = {
        ...origin,
        preparation: { align: "none", steps: null, fps: null, ...origin.preparation, pool },
      };
  }
  return origins;
}

function checkMask(mask: FeatureColumn, column: FeatureColumn): void {
  if (mask.steps === 1 && mask.count === column.count && mask.width === column.steps) return;
  throw new DataError(
    "data.width-mismatch",
    `${mask.place}: the mask has the shape (${mask.count}, ${mask.width}), but the features have ` +
      `${column.count} samples of ${column.steps} steps.`,
    {
      hint: "A mask needs one number per sample and step.",
    },
  );
}

/** Makes one value per split. */
export function mapSplits<Value>(make: (name: SplitName) => Value): Record<SplitName, Value> {
  return { train: make("train"), valid: make("valid"), test: make("test") };
}

function toSplit(name: SplitName, raw: RawSplit, modalities: Record<string, ModalityTable>): Split {
  return {
    name,
    size: raw.ids.length,
    ids: raw.ids,
    modalities,
    labels: raw.labels,
    ...(raw.texts === undefined ? {} : { texts: raw.texts }),
    ...(raw.tokens === undefined ? {} : { tokens: raw.tokens }),
  };
}

function copiesOf({ rows, damage }: RawCopies, modalities: Record<string, ModalityTable>): DamagedCopies {
  return { size: rows.length, rows, modalities, damage };
}

function columnOf(
  columns: Readonly<Record<string, FeatureColumn>>,
  modality: string,
  place: string,
): FeatureColumn {
  const column = columns[modality];
  if (column !== undefined) return column;
  throw new DataError(
    "data.format",
    `${place}: the modality "${modality}" is missing, but another split has it.`,
    {
      hint: `Every split needs the same modalities; leave "${modality}" out, or add it here.`,
    },
  );
}

/** Returns the length of the longest sequence in all splits. Also checks sizes and widths. */
function commonSteps(raw: RawDataset, modality: string): number {
  let steps = 1;
  const { width } = columnOf(raw.splits.train.columns, modality, raw.splits.train.place);
  for (const [, size, { columns, place }] of partsOf(raw)) {
    const column = columnOf(columns, modality, place);
    checkColumn(column);
    if (column.count !== size) {
      throw new DataError(
        "data.format",
        `${column.place}: there are ${column.count} samples, but ${size} labels.`,
        {
          hint: "Every array of a split must have one row per sample.",
        },
      );
    }
    if (column.width !== width) {
      throw new DataError(
        "data.width-mismatch",
        `${column.place}: ${column.width} features, but ${width} in the training split.`,
        {
          hint: "The splits must come from the same feature extraction.",
        },
      );
    }
    steps = Math.max(steps, column.steps);
  }
  return steps;
}

/** Pads a column with zeros to `steps` steps. */
function widened(column: FeatureColumn, steps: number): FeatureColumn {
  if (column.steps === steps) return column;
  const own = new Float32Array(column.steps * column.width);
  return {
    ...column,
    steps,
    next(out) {
      column.next(own);
      out.fill(0);
      out.set(own);
    },
  };
}

function checkLabels(split: RawSplit, task: Task): void {
  const count = split.ids.length;
  if (count === 0)
    throw new DataError("data.empty", `${split.place}: the split has no samples.`, {
      hint: "train, valid and test all need samples.",
    });
  const perSample = labelsPerSample(task);
  if (split.labels.length !== count * perSample) {
    throw new DataError(
      "data.format",
      `${split.place}: ${count} samples need ${count * perSample} labels, but there are ` +
        `${split.labels.length}.`,
    );
  }
  const bad = split.labels.findIndex((label) => !Number.isFinite(label));
  if (bad < 0) return;
  const sample = Math.floor(bad / perSample);
  throw new DataError(
    "data.invalid-value",
    `${split.place}: the label of sample ${sample} (id "${split.ids[sample] ?? ""}") is ` +
      `${String(split.labels[bad])}.`,
    {
      hint: "Labels must be finite numbers: remove the samples without a label, or give them one.",
    },
  );
}

function describeCounts(counts: TableCounts, table: ModalityTable, place: string): string[] {
  const notes: string[] = [];
  const missing = table.present.reduce((sum, here) => sum + (here === 0 ? 1 : 0), 0);
  if (counts.replaced > 0) {
    const share = (100 * counts.replaced) / Math.max(1, counts.values);
    notes.push(
      `${place}: ${counts.replaced} NaN or infinite values were read as 0 (${share.toPrecision(2)}% of all)`,
    );
  }
  if (counts.empty > 0)
    notes.push(`${place}: ${counts.empty} samples have no real step and count as missing`);
  if (missing > counts.empty) notes.push(`${place}: ${missing - counts.empty} samples are marked as missing`);
  if (counts.lengthMismatches > 0)
    notes.push(
      `${place}: ${counts.lengthMismatches} stated lengths are longer than the sequences; the zero ` +
        "rows were used instead",
    );
  if (counts.filledPadding > 0)
    notes.push(
      `${place}: ${counts.filledPadding} samples have rows that are not zero beyond their stated ` +
        "length; they count as padding",
    );
  return notes;
}

/** Returns warnings about labels that a model cannot learn from. */
function labelNotes({ task, splits }: RawDataset): string[] {
  const { labels } = splits.train;
  if (task.kind === "classification") {
    const learnt = new Set(labels);
    const absent = task.classes.filter((_, c) => !learnt.has(c));
    return absent.length === 0 ? [] : [`warning: train has no sample of ${absent.slice(0, 20).join(", ")}`];
  }
  const names = outputNames(task);
  const width = names.length;
  const constant = names.filter((_, t) => labels.every((label, i) => i % width !== t || label === labels[t]));
  return constant.length === 0 || labels.length <= width
    ? []
    : [`warning: every label of train is the same: ${constant.slice(0, 20).join(", ")}`];
}

/**
 * Returns warnings about ids that occur twice. With an id in two splits, a model may be tested on a training
 * sample.
 */
function duplicateIds(raw: RawDataset): string[] {
  const home = new Map<string, SplitName>();
  const shared = new Map<string, number>();
  for (const name of SPLIT_NAMES) {
    for (const id of raw.splits[name].ids) {
      const other = home.get(id);
      if (other === undefined) home.set(id, name);
      else {
        const pair = other === name ? `twice in ${name}` : `in both ${other} and ${name}`;
        shared.set(pair, (shared.get(pair) ?? 0) + 1);
      }
    }
  }
  return [...shared].map(([pair, count]) => `warning: ${count} ids appear ${pair}`);
}
