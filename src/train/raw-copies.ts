import { defined } from "../core/defined.js";
import { foldIn, integerAt, type RandomKey, uniformAt } from "../core/random.js";
import { joinArrays } from "../core/join-arrays.js";
import { addCopies, type AddCopiesOptions } from "../data/add-copies.js";
import type { Batch, BatchModality } from "../data/batch.js";
import { CLEAN, type DamagedCopies, type ModalityTable, type Split } from "../data/dataset.js";

/** Corrupted copies of a data set, indexed by training sample. */
export class RawCopies {
  /** [N + 1], start of the copies of each sample in `order`. */
  private readonly starts: Int32Array;
  /** [C], numbers of the copies, ordered by sample. */
  private readonly order: Int32Array;
  /** By modality [C]: number of the kind of corruption, from 1; 0 = clean. */
  private readonly kinds: Readonly<Record<string, Int32Array>>;

  /**
   * @param copies normalised like the training split
   * @param trainSize number of training samples, N
   */
  constructor(
    private readonly copies: DamagedCopies,
    trainSize: number,
  ) {
    this.starts = new Int32Array(trainSize + 1);
    for (const row of copies.rows) this.starts[row + 1] = defined(this.starts[row + 1]) + 1;
    for (let row = 0; row < trainSize; row++)
      this.starts[row + 1] = defined(this.starts[row + 1]) + defined(this.starts[row]);
    this.order = new Int32Array(copies.size);
    const next = this.starts.slice();
    copies.rows.forEach((row, copy) => {
      this.order[defined(next[row])] = copy;
      next[row] = defined(next[row]) + 1;
    });
    this.kinds = Object.fromEntries(
      Object.entries(copies.damage).map(([name, { kind }]) => [name, numbered(kind)]),
    );
  }

  /**
   * Adds a corrupted copy of each sample to a batch. Each modality of a copy stays clean with probability
   * `keep`. Otherwise it comes from one of the sample's copies, drawn separately for each modality. A sample
   * without copies gets a clean copy. A modality that the sample lacks in this batch stays missing.
   *
   * The draw depends only on (seed, step, sample, modality).
   *
   * @param batch samples of the training split; `sampleIndex` is the row
   * @returns batch of twice the size with `severity`, `damage` and `distance`
   */
  addTo(batch: Batch, options: AddCopiesOptions): Batch {
    return addCopies(batch, options, (name, doubled, key) => {
      const severity = new Float32Array(2 * batch.size);
      const damage = new Int32Array(2 * batch.size);
      batch.sampleIndex.forEach((row, b) => {
        const copy = this.draw(foldIn(key, row), row, options.keep);
        if (copy === undefined || doubled.present[b] === 0) return;
        this.replace(name, doubled, batch.size + b, copy);
        severity[batch.size + b] = defined(this.copies.damage[name]?.severity[copy]);
        damage[batch.size + b] = defined(this.kinds[name]?.[copy]);
      });
      return { severity, damage };
    });
  }

  /** Draws one of the copies of a training sample. Returns undefined for a clean modality. */
  private draw(key: RandomKey, row: number, keep: number): number | undefined {
    const [from, to] = [defined(this.starts[row]), defined(this.starts[row + 1])];
    if (from === to || uniformAt(key, 1) < keep) return undefined;
    return defined(this.order[from + integerAt(key, 0, to - from)]);
  }

  /** Replaces sample b of a batch by a copy. */
  private replace(name: string, { width, steps, ...batch }: BatchModality, b: number, copy: number): void {
    const [table, measured] = [this.copies.modalities[name], this.copies.quality?.[name]];
    if (!table) return;
    const row = steps * width;
    batch.values.set(table.values.subarray(copy * row, (copy + 1) * row), b * row);
    batch.mask.set(table.mask.subarray(copy * steps, (copy + 1) * steps), b * steps);
    batch.present[b] = defined(table.present[copy]);
    if (!batch.quality || !measured) return;
    const count = measured.names.length;
    batch.quality.set(measured.values.subarray(copy * count, (copy + 1) * count), b * count);
  }
}

/** Numbers the kinds in the order of their names, from 1; 0 for a clean modality. */
function numbered(kind: readonly string[]): Int32Array {
  const names = [...new Set(kind)].filter((name) => name !== CLEAN).sort();
  return Int32Array.from(kind, (name) => names.indexOf(name) + 1);
}

/**
 * Appends the copies to a training split as samples with the labels of their originals, for models with a
 * closed-form solution.
 * @param copies normalised like the split
 */
export function withCopiesAppended(train: Split, copies: DamagedCopies): Split {
  const perSample = train.labels.length / train.size;
  const labels = new Float32Array((train.size + copies.size) * perSample);
  labels.set(train.labels);
  copies.rows.forEach((row, copy) => {
    labels.set(
      train.labels.subarray(row * perSample, (row + 1) * perSample),
      (train.size + copy) * perSample,
    );
  });
  const modalities = Object.entries(train.modalities).map(([name, table]) => {
    const more = copies.modalities[name];
    return [name, more ? appended(table, more) : table] as const;
  });
  return {
    name: train.name,
    size: train.size + copies.size,
    ids: [...train.ids, ...Array.from(copies.rows, (row) => `copy of ${train.ids[row] ?? ""}`)],
    modalities: Object.fromEntries(modalities),
    labels,
  };
}

function appended(table: ModalityTable, more: ModalityTable): ModalityTable {
  const { width, steps } = table;
  return {
    width,
    steps,
    values: joinArrays(table.values, more.values),
    mask: joinArrays(table.mask, more.mask),
    present: joinArrays(table.present, more.present),
  };
}
