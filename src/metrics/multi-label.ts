import { defined } from "../core/defined.js";
import { meanOfKnown } from "../core/averages.js";
import { sigmoid } from "../core/math.js";
import { DataError } from "../core/errors.js";
import { confusion } from "./classification.js";
import { DEFAULT_THRESHOLD } from "./default-threshold.js";
import { sortedOrder } from "./rank.js";
import { MetricCollector, type MetricReport } from "./metric-report.js";

/**
 * Decides which labels are present: 1 if sigmoid(logit) is at least the label's threshold, else 0.
 *
 * @param logits [N, L]
 * @param labels L
 * @param thresholds [L]; default: 0.5 for every label
 * @returns [N, L]
 */
export function presentLabels(
  logits: ArrayLike<number>,
  labels: number,
  thresholds?: ArrayLike<number>,
): Uint8Array {
  return Uint8Array.from(logits, (logit, i) =>
    sigmoid(logit) >= (thresholds?.[i % labels] ?? DEFAULT_THRESHOLD) ? 1 : 0,
  );
}

/**
 * Chooses the threshold with the largest F1 for each label.
 *
 * Candidates are 0.5 and the midpoints between neighbouring probabilities. Ties take the candidate nearest to
 * 0.5. A label that never occurs keeps 0.5.
 *
 * @param logits [N, L] of a split that was not used for training
 * @param truth [N, L] of 0 and 1
 * @returns [L], each in (0, 1)
 */
export function bestThresholds(
  logits: ArrayLike<number>,
  truth: ArrayLike<number>,
  labels: number,
): Float64Array {
  const samples = truth.length / labels;
  return Float64Array.from({ length: labels }, (_, label) => {
    const probabilities = Float64Array.from({ length: samples }, (_, n) =>
      sigmoid(defined(logits[n * labels + label])),
    );
    const isPresent = (n: number): boolean => truth[n * labels + label] === 1;
    return bestThreshold(probabilities, isPresent);
  });
}

function bestThreshold(probabilities: Float64Array, isPresent: (sample: number) => boolean): number {
  const descending = [...sortedOrder(probabilities)].reverse();
  const positives = descending.filter(isPresent).length;
  if (positives === 0) return DEFAULT_THRESHOLD;
  let best = { threshold: DEFAULT_THRESHOLD, f1: f1At(descending, probabilities, isPresent, positives) };
  let hits = 0;
  descending.forEach((sample, rank) => {
    if (isPresent(sample)) hits += 1;
    const [current = NaN, next = NaN] = [probabilities[sample], probabilities[descending[rank + 1] ?? -1]];
    if (!(next < current)) return; // the last sample, or a tie that no threshold separates
    const f1 = (2 * hits) / (rank + 1 + positives);
    const threshold = (current + next) / 2;
    if (!(threshold > 0 && threshold < 1)) return;
    const isNearer = Math.abs(threshold - DEFAULT_THRESHOLD) < Math.abs(best.threshold - DEFAULT_THRESHOLD);
    if (f1 > best.f1 || (f1 === best.f1 && isNearer)) best = { threshold, f1 };
  });
  return best.threshold;
}

/** F1 at the threshold 0.5. */
function f1At(
  descending: readonly number[],
  probabilities: Float64Array,
  isPresent: (sample: number) => boolean,
  positives: number,
): number {
  const chosen = descending.filter((sample) => defined(probabilities[sample]) >= DEFAULT_THRESHOLD);
  return (2 * chosen.filter(isPresent).length) / (chosen.length + positives);
}

interface Counts {
  readonly hits: number;
  readonly falseAlarms: number;
  readonly misses: number;
  readonly rejections: number;
}

/**
 * Metrics of a multi-label task, as used for MOSEI's emotions.
 *
 * - `Accuracy/<label>`.
 * - `Weighted_acc/<label>` = (TP / P + TN / N) / 2 (Zadeh et al., ACL 2018).
 * - `F1/<label>`: F1 of the label's presence.
 * - `Weighted_F1/<label>`: F1 of presence and of absence, weighted by their frequencies.
 * - The same names without a label: mean over the labels with a defined value.
 * - `Exact_match`: fraction of samples with every label right.
 *
 * @param present [N, L] decisions, 0 or 1
 * @param truth [N, L], 0 or 1
 * @throws DataError if empty
 * @throws DataError "data.invalid-value" for values other than 0 and 1
 */
export function multiLabelMetrics(
  present: ArrayLike<number>,
  truth: ArrayLike<number>,
  labels: readonly string[],
): MetricReport {
  const width = labels.length;
  if (present.length !== truth.length)
    throw new DataError(
      "data.width-mismatch",
      `multi-label metrics: ${present.length} decisions, ${truth.length} labels`,
    );
  if (truth.length === 0) throw new DataError("data.empty", "multi-label metrics: no samples to score");
  const counts = labels.map((_, label) => countsOf(present, truth, label, width));
  const out = new MetricCollector();
  const add = (name: string, reason: string, of: (counts: Counts) => number | null): void => {
    const values = counts.map(of);
    out.add(name, meanOfKnown(values), `${reason} for every label`);
    labels.forEach((label, i) => {
      out.add(`${name}/${label}`, values[i] ?? null, reason);
    });
  };
  add("Accuracy", "there are no samples", ({ hits, rejections, ...wrong }) =>
    share(hits + rejections, hits + rejections + wrong.falseAlarms + wrong.misses),
  );
  add("Weighted_acc", "the label is present or absent in every sample", weightedAccuracy);
  add("F1", "the label neither occurs nor was predicted", ({ hits, falseAlarms, misses }) =>
    share(2 * hits, 2 * hits + falseAlarms + misses),
  );
  add("Weighted_F1", "there are no samples", weightedF1Of);
  out.add("Exact_match", exactMatches(present, truth, width), "there are no samples");
  return out.report();
}

function countsOf(
  present: ArrayLike<number>,
  truth: ArrayLike<number>,
  label: number,
  width: number,
): Counts {
  const column = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from({ length: truth.length / width }, (_, n) => defined(values[n * width + label]));
  const { counts } = confusion(column(present), column(truth), 2);
  const [rejections = NaN, falseAlarms = NaN, misses = NaN, hits = NaN] = counts; // [truth, decision]
  return { hits, falseAlarms, misses, rejections };
}

function weightedAccuracy({ hits, falseAlarms, misses, rejections }: Counts): number | null {
  const [sensitivity, specificity] = [
    share(hits, hits + misses),
    share(rejections, rejections + falseAlarms),
  ];
  return sensitivity === null || specificity === null ? null : (sensitivity + specificity) / 2;
}

/** F1 of presence and of absence, weighted by their frequencies. A part that is 0/0 counts as 0. */
function weightedF1Of({ hits, falseAlarms, misses, rejections }: Counts): number | null {
  const wrong = falseAlarms + misses;
  const [present, absent] = [hits + misses, rejections + falseAlarms];
  const f1 = (right: number): number => share(2 * right, 2 * right + wrong) ?? 0;
  return share(present * f1(hits) + absent * f1(rejections), present + absent);
}

function exactMatches(present: ArrayLike<number>, truth: ArrayLike<number>, width: number): number {
  const samples = truth.length / width;
  let exact = 0;
  for (let n = 0; n < samples; n++) {
    let right = 0;
    for (let i = n * width; i < (n + 1) * width; i++) if (present[i] === truth[i]) right += 1;
    if (right === width) exact += 1;
  }
  return exact / samples;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
