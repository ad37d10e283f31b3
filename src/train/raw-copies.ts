import { defined } from "../core/defined.js";
import { foldIn, integerAt, randomKey, uniformAt } from "../core/random.js";
import type { Batch, BatchModality } from "../data/batch.js";
import { copyDistances } from "../data/copy-distances.js";
import { CLEAN, type DamagedCopies, type ModalityTable, type Split } from "../data/dataset.js";

export interface RawCopyOptions {
  /** Probability that a modality of a copy stays as it is in the original. */
  readonly keep: number;
  /** False if only the other parts of the model learn from copies, not the prediction. */
  readonly teach: boolean;
  readonly seed: number;
  /** Optimiser step, from 0. */
  readonly step: number;
  /** By modality, root mean square of the training features. */
  readonly units: Readonly<Record<string, number>>;
}

/** Offset in `sampleIndex` between a copy and its original, so that their noise and dropout differ. */
const COPY = 2 ** 30;

/** Damaged copies of a data set, found by training sample. */
export class RawCopies {
  /** [N + 1], where the copies of each sample begin in `order`. */
  private readonly starts: Int32Array;
  /** [C], numbers of the copies, ordered by sample. */
  private readonly order: Int32Array;
  /** By modality [C]: number of the kind of damage from 1; 0 for nothing. */
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
   * Adds a damaged copy of each sample to a batch. Each modality of a copy is drawn on its own: with
   * probability `keep` it stays as it is, else it is that of one of the sample's copies. So copies of one
   * sample combine in many ways. A sample without copies gets an undamaged one. A modality that the sample
   * lacks in this batch stays missing.
   *
   * The draw depends on (seed, step, sample, modality) alone.
   *
   * @param batch samples of the training split; `sampleIndex` is the row
   * @returns batch of twice the size with `severity`, `damage` and `distance`
   */
  addTo(batch: Batch, { keep, teach, seed, step, units }: RawCopyOptions): Batch {
    const severity: Record<string, Float32Array> = {};
    const damage: Record<string, Int32Array> = {};
    const distance: Record<string, Float32Array> = {};
    const modalities: Record<string, BatchModality> = {};
    for (const [name, modality] of Object.entries(batch.modalities)) {
      const key = foldIn(randomKey(seed, `copies/${name}`), step);
      const drawn = Array.from(batch.sampleIndex, (row) => {
        const own = foldIn(key, row);
        const [from, to] = [defined(this.starts[row]), defined(this.starts[row + 1])];
        if (from === to || uniformAt(own, 1) < keep) return undefined;
        return defined(this.order[from + integerAt(own, 0, to - from)]);
      });
      const doubled = this.withCopies(name, modality, drawn);
      modalities[name] = doubled;
      const [amounts, kinds] = [new Float32Array(2 * batch.size), new Int32Array(2 * batch.size)];
      drawn.forEach((copy, b) => {
        if (copy === undefined || modality.present[b] === 0) return;
        amounts[batch.size + b] = defined(this.copies.damage[name]?.severity[copy]);
        kinds[batch.size + b] = defined(this.kinds[name]?.[copy]);
      });
      severity[name] = amounts;
      damage[name] = kinds;
      distance[name] = copyDistances(doubled, units[name] ?? 1);
    }
    const sampleIndex = twice(batch.sampleIndex);
    for (let b = batch.size; b < 2 * batch.size; b++) sampleIndex[b] = defined(sampleIndex[b]) + COPY;
    return {
      size: 2 * batch.size,
      sampleIndex,
      modalities,
      severity,
      damage,
      distance,
      originals: batch.size,
      ...(!teach && { taught: batch.size }),
      ...(batch.labels && { labels: twice(batch.labels) }),
    };
  }

  /** Repeats a modality, with the drawn copies in the second half. */
  private withCopies(
    name: string,
    modality: BatchModality,
    drawn: readonly (number | undefined)[],
  ): BatchModality {
    const { width, steps } = modality;
    const [values, mask, present] = [twice(modality.values), twice(modality.mask), twice(modality.present)];
    const quality = modality.quality && twice(modality.quality);
    const half = drawn.length;
    const [table, measured] = [this.copies.modalities[name], this.copies.quality?.[name]];
    drawn.forEach((copy, b) => {
      if (copy === undefined || !table || modality.present[b] === 0) return;
      const row = steps * width;
      values.set(table.values.subarray(copy * row, (copy + 1) * row), (half + b) * row);
      mask.set(table.mask.subarray(copy * steps, (copy + 1) * steps), (half + b) * steps);
      present[half + b] = defined(table.present[copy]);
      if (!quality || !measured) return;
      const count = measured.names.length;
      quality.set(measured.values.subarray(copy * count, (copy + 1) * count), (half + b) * count);
    });
    return { width, steps, values, mask, present, ...(quality && { quality }) };
  }
}

/** Numbers the kinds in the order of their names, from 1; 0 for a modality that is as it was. */
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
    values: joined(table.values, more.values),
    mask: joined(table.mask, more.mask),
    present: joined(table.present, more.present),
  };
}

function joined<Values extends Float32Array | Uint8Array>(first: Values, second: Values): Values {
  const out = new (first.constructor as new (length: number) => Values)(first.length + second.length);
  out.set(first);
  out.set(second, first.length);
  return out;
}

function twice<Values extends Float32Array | Int32Array | Uint8Array>(values: Values): Values {
  const out = new (values.constructor as new (length: number) => Values)(2 * values.length);
  out.set(values);
  out.set(values, values.length);
  return out;
}
