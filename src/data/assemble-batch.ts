import { defined } from "../core/defined.js";
import { DataError } from "../core/errors.js";
import type { Batch, BatchModality } from "./batch.js";
import type { ModalityTable, Split } from "./dataset.js";

/** Options of {@link assembleBatch}. */
export interface AssembleOptions {
  /** Modalities to copy. The batch lacks all others. Default: all. */
  readonly modalities?: readonly string[];
  /** Copy the labels. Default true. */
  readonly labels?: boolean;
}

/**
 * Copies samples of a split into a batch, in the order of `indices`. `sampleIndex` is the sample's row in the
 * split.
 * @param indices [B] rows of the split
 * @throws DataError "data.unknown-modality" for a modality that the split lacks, "data.invalid-value" for a
 * row outside it
 */
export function assembleBatch(
  split: Split,
  indices: ArrayLike<number>,
  options: AssembleOptions = {},
): Batch {
  const size = indices.length;
  const sampleIndex = Int32Array.from(indices);
  for (const row of sampleIndex) {
    if (row < 0 || row >= split.size)
      throw new DataError(
        "data.invalid-value",
        `The split "${split.name}" has ${split.size} samples; there is no sample ${row}.`,
      );
  }
  const modalities: Record<string, BatchModality> = {};
  for (const name of options.modalities ?? Object.keys(split.modalities)) {
    const table = Object.hasOwn(split.modalities, name) ? split.modalities[name] : undefined;
    if (table === undefined) {
      throw new DataError("data.unknown-modality", `The data have no modality "${name}".`, {
        hint: `They have ${Object.keys(split.modalities).join(", ")}.`,
      });
    }
    const quality = split.quality?.[name];
    modalities[name] = {
      ...gatherModality(table, sampleIndex),
      ...(quality && { quality: gatherRows(quality.values, sampleIndex, quality.names.length) }),
    };
  }
  if (options.labels === false) return { size, sampleIndex, modalities };
  return {
    size,
    sampleIndex,
    modalities,
    labels: gatherRows(split.labels, sampleIndex, split.labels.length / split.size),
  };
}

function gatherModality(table: ModalityTable, rows: Int32Array): BatchModality {
  const { width, steps } = table;
  const row = steps * width;
  const values = gatherRows(table.values, rows, row); // [B, T, D]
  const mask = new Uint8Array(rows.length * steps);
  const present = new Uint8Array(rows.length);
  rows.forEach((from, to) => {
    present[to] = defined(table.present[from]);
    mask.set(table.mask.subarray(from * steps, (from + 1) * steps), to * steps);
  });
  return { width, steps, values, mask, present };
}

/** Rows of a [N, width] matrix. */
function gatherRows(matrix: Float32Array, rows: Int32Array, width: number): Float32Array {
  const out = new Float32Array(rows.length * width);
  rows.forEach((from, to) => {
    out.set(matrix.subarray(from * width, (from + 1) * width), to * width);
  });
  return out;
}
