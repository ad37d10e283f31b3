import { defined } from "../core/defined.js";
import { sqrt } from "../core/math.js";
import { foldIn, integerAt, type RandomKey, uniformAt } from "../core/random.js";
import { addCopies, type AddCopiesOptions, type CopyChanges } from "../data/add-copies.js";
import type { Batch, BatchModality } from "../data/batch.js";
import type { ModalityTable, Split } from "../data/dataset.js";
import type { SampleKeys, SampleSteps } from "./feature-kind.js";
import { severityFrom } from "./feature-kinds.js";
import { featureCorruption } from "./register-corruption.js";

/** Options of {@link withCorruptedCopies}. */
export interface CopyOptions extends AddCopiesOptions {
  /** Kinds of corruption, except "missing". All are equally likely. */
  readonly kinds: readonly string[];
}

/**
 * Computes the root mean square of each modality's features over the real steps of a split. It is the unit of
 * the corruption of copies, for any normalisation. 1 for a modality without real steps.
 */
export function featureUnits(split: Split): Record<string, number> {
  return Object.fromEntries(
    Object.entries(split.modalities).map(([name, table]) => [name, rootMeanSquare(table)]),
  );
}

function rootMeanSquare({ width, steps, values, mask, present }: ModalityTable): number {
  let [squares, count] = [0, 0];
  for (let step = 0; step < mask.length; step++) {
    if (mask[step] !== 1 || present[Math.floor(step / steps)] === 0) continue;
    for (let i = step * width; i < (step + 1) * width; i++) squares += defined(values[i]) ** 2;
    count += width;
  }
  return squares > 0 ? sqrt(squares / count) : 1;
}

/**
 * Returns a batch of twice the size: the unchanged samples, then a copy of each. Each modality of a copy
 * stays clean with probability `keep`. Otherwise one kind corrupts it, with a severity uniform in [0.1, 1].
 * Labels are repeated.
 *
 * The corruption of a copy depends only on (seed, step, sample, modality). Kinds that mix in another sample
 * also depend on the batch.
 *
 * @returns batch with the `severity`, `damage` and `distance` of the added corruption, by modality; 0 for the
 * originals, even if their media are bad
 */
export function withCorruptedCopies(batch: Batch, options: CopyOptions): Batch {
  return addCopies(batch, options, (name, doubled, key) =>
    corruptCopies(doubled, batch.sampleIndex, key, options.units[name] ?? 1, options),
  );
}

/**
 * Changes the second half of a modality in place.
 *
 * @returns [2B]: severities, and the position of the kind in the list, counted from 1
 */
function corruptCopies(
  modality: BatchModality,
  samples: Int32Array,
  key: RandomKey,
  unit: number,
  { kinds, keep }: CopyOptions,
): CopyChanges {
  const half = samples.length;
  const severity = new Float32Array(2 * half);
  const damage = new Int32Array(2 * half);
  const known = kinds.map(featureCorruption);
  const workplace = new Workplace(modality, unit);
  for (let b = 0; b < half; b++) {
    const own = foldIn(key, defined(samples[b]));
    const drawn = integerAt(own, 0, known.length);
    const kind = known[drawn];
    if (modality.present[b] === 0 || kind === undefined || uniformAt(own, 1) < keep) continue;
    const drawnSeverity = severityFrom(uniformAt(own, 2));
    const other = (b + 1 + integerAt(own, 3, Math.max(1, half - 1))) % half;
    const keys = { sample: foldIn(own, 4), step: (t: number) => foldIn(own, 4 + t) };
    workplace.change(half + b, kind.needsOther ? other : undefined, keys, (sample, stepKeys) => {
      kind.corrupt(sample, kind.amountAt(drawnSeverity), stepKeys);
    });
    severity[half + b] = drawnSeverity;
    damage[half + b] = drawn + 1;
  }
  return { severity, damage };
}

/** Corrupts samples of a batch. Assumes features with mean 0 and one standard deviation for all. */
class Workplace {
  private readonly units: Pick<SampleSteps, "mean" | "std">;
  /** Scratch rows of a sample and of another one. */
  private readonly rows: readonly Float32Array[];

  constructor(
    private readonly modality: BatchModality,
    private readonly unit: number,
  ) {
    const { steps, width } = modality;
    this.units = { mean: new Float64Array(width), std: new Float64Array(width).fill(1) };
    const scratch = new Float32Array(2 * steps * width);
    this.rows = Array.from({ length: 2 * steps }, (_, i) => scratch.subarray(i * width, (i + 1) * width));
  }

  /**
   * Applies `change` to the real steps of sample b.
   *
   * @param other sample that is mixed in; its missing steps are zeros
   * @param keys keys of all steps, including padding
   */
  change(
    b: number,
    other: number | undefined,
    keys: SampleKeys,
    change: (sample: SampleSteps, keys: SampleKeys) => void,
  ): void {
    const { values, mask, present, steps, width } = this.modality;
    const real = Array.from({ length: steps }, (_, t) => t).filter((t) => mask[b * steps + t] === 1);
    if (real.length === 0) return;
    const rowOf = (t: number): Float32Array => defined(this.rows[t]);
    const otherRowOf = (t: number): Float32Array => defined(this.rows[steps + t]);
    for (const t of real) {
      this.read(rowOf(t), (b * steps + t) * width);
      if (other === undefined) continue;
      if (present[other] !== 0 && mask[other * steps + t] === 1)
        this.read(otherRowOf(t), (other * steps + t) * width);
      else otherRowOf(t).fill(0);
    }
    const sample = {
      ...this.units,
      steps: real.map(rowOf),
      ...(other !== undefined && { others: real.map(otherRowOf) }),
    };
    change(sample, { sample: keys.sample, step: (i) => keys.step(defined(real[i])) });
    for (const t of real) {
      const at = (b * steps + t) * width;
      const row = rowOf(t);
      for (let d = 0; d < width; d++) values[at + d] = defined(row[d]) * this.unit;
    }
  }

  private read(row: Float32Array, at: number): void {
    const { values } = this.modality;
    for (let d = 0; d < row.length; d++) row[d] = defined(values[at + d]) / this.unit;
  }
}
