import { sqrt } from "../core/math.js";
import { foldIn, integerAt, randomKey, type RandomKey, uniformAt } from "../core/random.js";
import type { Batch, BatchModality } from "../data/batch.js";
import type { ModalityTable, Split } from "../data/dataset.js";
import { REGIMES, type RegimeName, severityFrom } from "./regimes.js";

export interface CopyOptions {
  /** What may happen to a copy; each is as likely as the others. */
  readonly regimes: readonly RegimeName[];
  /** Probability that a modality of a copy is left as it is. */
  readonly keep: number;
  /** Whether the copies teach the prediction too. */
  readonly teach: boolean;
  readonly seed: number;
  /** Optimiser step, from 0. */
  readonly step: number;
  /** By modality, the size of a deviation of its features, see {@link featureUnits}. */
  readonly units: Readonly<Record<string, number>>;
}

/**
 * Copies are told from their originals by this much in `sampleIndex`, so that their noise and dropout are
 * others.
 */
const COPY = 2 ** 30;

/**
 * The root mean square of each modality's features over the real steps of a split: the unit in which copies
 * are corrupted, whatever the features were normalised to. 1 for a modality without any.
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
    for (let i = step * width; i < (step + 1) * width; i++) squares += (values[i] ?? 0) ** 2;
    count += width;
  }
  return squares > 0 ? sqrt(squares / count) : 1;
}

/**
 * A batch of twice the size: the samples as they are, then a copy of each, whose modalities are corrupted
 * independently of each other: with probability `keep` not at all, else by one regime with a severity uniform
 * in [0.1, 1]. Labels are repeated.
 *
 * What happens to a copy depends on (seed, step, sample, modality) alone, but for `swap`, which mixes in
 * another sample of the batch.
 *
 * @returns with `severity` and `damage` by modality: what was added to each sample, 0 for the originals
 * (which may be bad in their own right)
 */
export function withCorruptedCopies(batch: Batch, options: CopyOptions): Batch {
  const severity: Record<string, Float32Array> = {};
  const damage: Record<string, Int32Array> = {};
  const modalities: Record<string, BatchModality> = {};
  for (const [name, modality] of Object.entries(batch.modalities)) {
    const key = foldIn(randomKey(options.seed, `copies/${name}`), options.step);
    const doubled = repeated(modality);
    const done = corruptCopies(doubled, batch.sampleIndex, key, options.units[name] ?? 1, options);
    severity[name] = done.severity;
    damage[name] = done.damage;
    modalities[name] = doubled;
  }
  const sampleIndex = twice(batch.sampleIndex);
  for (let b = batch.size; b < 2 * batch.size; b++) sampleIndex[b] = (sampleIndex[b] ?? 0) + COPY;
  return {
    size: 2 * batch.size,
    sampleIndex,
    modalities,
    severity,
    damage,
    originals: batch.size,
    ...(!options.teach && { taught: batch.size }),
    ...(batch.labels && { labels: twice(batch.labels) }),
  };
}

/**
 * Changes the second half of a modality in place. @returns [2B]: severities, and which regime, counted from 1
 */
function corruptCopies(
  modality: BatchModality,
  samples: Int32Array,
  key: RandomKey,
  unit: number,
  { regimes, keep }: CopyOptions,
): { readonly severity: Float32Array; readonly damage: Int32Array } {
  const half = samples.length;
  const severity = new Float32Array(2 * half);
  const damage = new Int32Array(2 * half);
  for (let b = 0; b < half; b++) {
    const own = foldIn(key, samples[b] ?? 0);
    const drawn = integerAt(own, 0, regimes.length);
    const regime = regimes[drawn];
    if (modality.present[b] === 0 || regime === undefined || uniformAt(own, 1) < keep) continue;
    const amount = severityFrom(uniformAt(own, 2));
    const other = (b + 1 + integerAt(own, 3, Math.max(1, half - 1))) % half;
    corruptSteps(modality, half + b, other, unit, (row, t, mate) => {
      REGIMES[regime](row, amount, foldIn(own, 4 + t), mate);
    });
    severity[half + b] = amount;
    damage[half + b] = drawn + 1;
  }
  return { severity, damage };
}

/**
 * Applies `change` to each real step of sample b, in units of a deviation; `mate` is the same step of another
 * sample, or zeros where that has none.
 */
function corruptSteps(
  { values, mask, present, steps, width }: BatchModality,
  b: number,
  other: number,
  unit: number,
  change: (row: Float32Array, t: number, mate: Float32Array) => void,
): void {
  const row = new Float32Array(width);
  const mate = new Float32Array(width);
  for (let t = 0; t < steps; t++) {
    const [at, from] = [(b * steps + t) * width, (other * steps + t) * width];
    if (mask[b * steps + t] !== 1) continue;
    const has = present[other] !== 0 && mask[other * steps + t] === 1;
    for (let d = 0; d < width; d++) {
      row[d] = (values[at + d] ?? 0) / unit;
      mate[d] = has ? (values[from + d] ?? 0) / unit : 0;
    }
    change(row, t, mate);
    for (let d = 0; d < width; d++) values[at + d] = (row[d] ?? 0) * unit;
  }
}

function repeated({ width, steps, values, mask, present, quality }: BatchModality): BatchModality {
  return {
    width,
    steps,
    values: twice(values),
    mask: twice(mask),
    present: twice(present),
    ...(quality && { quality: twice(quality) }),
  };
}

function twice<Values extends Float32Array | Int32Array | Uint8Array>(values: Values): Values {
  const out = new (values.constructor as new (length: number) => Values)(2 * values.length);
  out.set(values);
  out.set(values, values.length);
  return out;
}
