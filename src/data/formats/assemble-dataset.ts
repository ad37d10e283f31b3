import { DataError } from "../../core/errors.js";
import type { FeatureOrigin } from "../adapter-identity.js";
import {
  type DamagedCopies,
  type Dataset,
  type ModalityInfo,
  type ModalityTable,
  SPLIT_NAMES,
  type Split,
  type SplitName,
} from "../dataset.js";
import { buildTable, checkColumn } from "./build-table.js";
import { checkLabels, describeCounts, duplicateIds, labelNotes } from "./check-raw-dataset.js";
import { requireUsableNames } from "../modality-names.js";
import { pickKeys } from "../select-modalities.js";
import type { FeatureColumn } from "./feature-column.js";
import { mapSplits, partsOf, type RawCopies, type RawDataset, type RawSplit } from "./raw-dataset.js";

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
