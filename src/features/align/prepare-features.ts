import { defined } from "../../core/defined.js";
import type { Preparation } from "../../data/adapter-identity.js";
import type { ExtractedFeatures } from "../feature-extractor.js";
import type { Word } from "../media.js";

/**
 * Prepares an adapter's steps for a data set: aligns, then pools. Training data and scored samples both go
 * through this function.
 * @param words word times, if known; only used for "word"
 */
export function prepareFeatures(
  features: ExtractedFeatures,
  preparation: Preparation,
  words: readonly Word[] = [],
): ExtractedFeatures {
  return poolSteps(alignSteps(features, preparation, words), preparation.pool);
}

function alignSteps(
  features: ExtractedFeatures,
  { align, steps }: Preparation,
  words: readonly Word[],
): ExtractedFeatures {
  if (align === "word" && words.length > 0) return alignToWords(features, words);
  return align === "none" || steps === null ? features : resampleUniform(features, steps);
}

function poolSteps(features: ExtractedFeatures, pool: Preparation["pool"]): ExtractedFeatures {
  return pool === "none" || features.steps === 1
    ? features
    : gatherSteps(features, [
        {
          first: 0,
          end: features.steps,
          start: defined(features.times[0]),
          stop: defined(features.times.at(-1)),
        },
      ]);
}

/**
 * Returns one step per word: the mean of the usable steps that overlap it.
 *
 * If steps overlap the word but none is usable, its step is masked. If no step overlaps (a word shorter than
 * the distance of two steps, or outside the clip), the step with the nearest middle is used, usable or not.
 * Features without times (a text without word times) and with a single step (an image, a whole sentence) are
 * unchanged.
 * @param words at least one, in order of their start
 */
export function alignToWords(features: ExtractedFeatures, words: readonly Word[]): ExtractedFeatures {
  const { times, steps } = features;
  if (words.length === 0 || steps === 1 || times.every((time) => time === 0)) return features;
  let from = 0;
  const groups = words.map(({ start, end }): Group => {
    while (from < steps - 1 && defined(times[2 * from + 1]) <= start && defined(times[2 * from + 2]) <= start)
      from += 1;
    let first = from;
    while (first < steps && !overlaps(times, first, start, end) && defined(times[2 * first]) < end)
      first += 1;
    let stop = first;
    while (stop < steps && overlaps(times, stop, start, end)) stop += 1;
    if (stop > first) return { first, end: stop, start, stop: end };
    const near = nearestStep(times, steps, (start + end) / 2, from);
    return { first: near, end: near + 1, start, stop: end };
  });
  return gatherSteps(features, groups);
}

/** Tolerance in seconds: intervals that overlap by less only touch, because of rounding. */
const TOUCH = 1e-6;

/** True if a step's interval overlaps a word's. A step without extent counts at its time. */
function overlaps(times: Float64Array, step: number, start: number, end: number): boolean {
  const [a, b] = [defined(times[2 * step]), defined(times[2 * step + 1])];
  return a === b ? a >= start && a < end : a < end - TOUCH && b > start + TOUCH;
}

/**
 * Finds the step whose middle is nearest to a time; the earlier of two. Steps are in order of time, so the
 * search ends when the distance grows.
 */
function nearestStep(times: Float64Array, steps: number, time: number, from: number): number {
  const distance = (step: number): number =>
    Math.abs((defined(times[2 * step]) + defined(times[2 * step + 1])) / 2 - time);
  let best = from;
  for (let step = from + 1; step < steps && distance(step) < distance(best); step++) best = step;
  while (best > 0 && distance(best - 1) <= distance(best)) best -= 1;
  return best;
}

/**
 * Reduces to at most `steps` steps. Step b is the mean of the usable steps in [floor(b T / steps), floor((b +
 * 1) T / steps)), masked if none is usable. Shorter sequences are unchanged.
 */
export function resampleUniform(features: ExtractedFeatures, steps: number): ExtractedFeatures {
  const { steps: own, times } = features;
  if (!Number.isInteger(steps) || steps < 1)
    throw new RangeError(`the number of steps must be a whole number of at least 1, got ${steps}`);
  if (own <= steps) return features;
  const groups = Array.from({ length: steps }, (_, b): Group => {
    const [first, end] = [Math.floor((b * own) / steps), Math.floor(((b + 1) * own) / steps)];
    return { first, end, start: defined(times[2 * first]), stop: defined(times[2 * end - 1]) };
  });
  return gatherSteps(features, groups);
}

/** Steps [first, end) that become one, from `start` to `stop` seconds. */
interface Group {
  readonly first: number;
  readonly end: number;
  readonly start: number;
  readonly stop: number;
}

/** Returns the mean of the usable steps of each group, summed in order of time in double precision. */
function gatherSteps(
  { width, sequence, mask, quality }: ExtractedFeatures,
  groups: readonly Group[],
): ExtractedFeatures {
  const sums = new Float64Array(width);
  const out = {
    sequence: new Float32Array(groups.length * width),
    times: new Float64Array(2 * groups.length),
    mask: new Uint8Array(groups.length),
  };
  groups.forEach(({ first, end, start, stop }, g) => {
    let used = 0;
    sums.fill(0);
    for (let t = first; t < end; t++) {
      if (mask[t] !== 1) continue;
      used += 1;
      for (let d = 0; d < width; d++) sums[d] = defined(sums[d]) + defined(sequence[t * width + d]);
    }
    out.times.set([start, stop], 2 * g);
    if (used === 0) return;
    out.mask[g] = 1;
    for (let d = 0; d < width; d++) out.sequence[g * width + d] = defined(sums[d]) / used; // [groups, D]
  });
  return { steps: groups.length, width, ...out, quality };
}
