import { defined } from "../../core/defined.js";
import { log, sqrt } from "../../core/math.js";
import { angleOf } from "./arctangent.js";
import { hannWindow } from "./windows.js";
import { MelCepstrum } from "./mel-cepstrum.js";
import { ANALYSIS_RATE } from "./frames.js";
import { PHASE_BINS } from "./phase-distortion.js";

export const MEAN_COEFFICIENTS = 25;
export const DEVIATION_COEFFICIENTS = 13;
/** Number of frames on each side that the statistics of a frame depend on. */
export const PHASE_CONTEXT = 24;

/** Weights of a rectangle of 25 frames, applied forwards and backwards. */
const MEAN_WEIGHTS = triangle(25);
/** Weights of a rectangle of 9 frames, applied forwards and backwards. */
const DEVIATION_WEIGHTS = triangle(9);
const TREND_REACH = 4;
/** Weights of a Hann window of 9 frames (its ends are zero), applied forwards and backwards. */
const TREND_WEIGHTS = selfConvolution(hannWindow(7));
/** Smallest deviation. COVAREP replaces a deviation of 0 by it before logarithms are taken. */
const SMALLEST_DEVIATION = 0.001;
/** Largest deviation. Mean vectors that are shorter than rounding errors get it. */
const LARGEST_DEVIATION = 8;

/** Phase distortion of F successive frames as unit vectors. */
export interface PhaseFrames {
  /** Index of the first frame in the clip. */
  readonly first: number;
  /** F, number of frames. */
  readonly count: number;
  /** [513, F] cosines. */
  readonly re: Float64Array;
  /** [513, F] sines. */
  readonly im: Float64Array;
}

/** Statistics of the frames of one range, before compression. */
interface Statistics {
  /** [F, 25] sums of the unit vectors of PDM over each group of bins. */
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** [F, 513] PDD. */
  readonly deviation: Float64Array;
}

/**
 * Computes the short-term mean and deviation of phase distortion (Degottex & Erro 2014, section 3, with
 * COVAREP's filters for its 10 ms frames).
 *
 * PDM is the angle of the mean vector over 49 frames with triangular weights. PDD is Fisher's standard
 * deviation sqrt(-2 ln |mean vector|) over 17 frames, after the trend (median of 9 frames, then smoothed) is
 * removed. PDM is compressed to 25 means over bins, on a scale that is linear up to bin 8 and then a Bezier
 * curve; PDD to 13 mel-cepstral coefficients. Windows are cut off at the ends of the clip.
 */
export class PhaseStatistics {
  private readonly cepstrum = new MelCepstrum(PHASE_BINS, ANALYSIS_RATE, DEVIATION_COEFFICIENTS - 1);
  private readonly groups = meanGroups();

  /**
   * Computes the statistics of a range of frames.
   * @param frames requested frames and up to PHASE_CONTEXT frames on each side, within the clip
   * @param from first requested frame
   * @param to end of the requested frames
   * @param write receives the 25 means and 13 deviations of each frame
   */
  compute(
    frames: PhaseFrames,
    from: number,
    to: number,
    write: (frame: number, means: Float32Array, deviations: Float32Array) => void,
  ): void {
    const statistics = this.gather(frames);
    const means = new Float32Array(MEAN_COEFFICIENTS);
    const deviations = new Float32Array(DEVIATION_COEFFICIENTS);
    for (let t = from; t < to; t++) {
      const row = t - frames.first;
      for (let g = 0; g < MEAN_COEFFICIENTS; g++) {
        const at = row * MEAN_COEFFICIENTS + g;
        means[g] = angleOf(defined(statistics.im[at]), defined(statistics.re[at]));
      }
      this.cepstrum.of(
        statistics.deviation.subarray(row * PHASE_BINS, (row + 1) * PHASE_BINS),
        deviations,
        0,
      );
      write(t, means, deviations);
    }
  }

  /** Gathers the statistics bin by bin, so that the course of a bin over time stays in the nearest cache. */
  private gather(frames: PhaseFrames): Statistics {
    const { count } = frames;
    const result = {
      re: new Float64Array(count * MEAN_COEFFICIENTS),
      im: new Float64Array(count * MEAN_COEFFICIENTS),
      deviation: new Float64Array(count * PHASE_BINS),
    };
    const filter = new CourseFilter(count);
    for (let bin = 0; bin < PHASE_BINS; bin++) {
      const re = frames.re.subarray(bin * count, (bin + 1) * count);
      const im = frames.im.subarray(bin * count, (bin + 1) * count);
      const group = this.groups[bin];
      if (group !== undefined) filter.addMeans(re, im, result, group);
      if (bin > 0) filter.writeDeviations(re, im, result.deviation, bin);
    }
    // There is no harmonic at 0 Hz: COVAREP repeats the next bin.
    for (let t = 0; t < count; t++)
      result.deviation[t * PHASE_BINS] = defined(result.deviation[t * PHASE_BINS + 1]);
    return result;
  }
}

/** Filters the vectors of one bin along F frames. Owns the scratch memory. */
class CourseFilter {
  private readonly x: Float64Array;
  private readonly y: Float64Array;
  private readonly trendX: Float64Array;
  private readonly trendY: Float64Array;

  constructor(private readonly count: number) {
    const make = (): Float64Array => new Float64Array(count);
    [this.x, this.y, this.trendX, this.trendY] = [make(), make(), make(), make()];
  }

  /** Adds the directions of the mean vectors to a group's sums. */
  addMeans(re: Float64Array, im: Float64Array, sums: Statistics, group: number): void {
    weightedSums(re, MEAN_WEIGHTS, this.x);
    weightedSums(im, MEAN_WEIGHTS, this.y);
    for (let t = 0; t < this.count; t++) {
      const a = defined(this.x[t]);
      const b = defined(this.y[t]);
      const length = sqrt(a * a + b * b);
      if (length === 0) continue;
      const at = t * MEAN_COEFFICIENTS + group;
      sums.re[at] = defined(sums.re[at]) + a / length;
      sums.im[at] = defined(sums.im[at]) + b / length;
    }
  }

  /** Rotates the vectors back by the direction of their trend, and measures their spread. */
  writeDeviations(re: Float64Array, im: Float64Array, out: Float64Array, bin: number): void {
    medians(re, this.x);
    medians(im, this.y);
    weightedSums(this.x, TREND_WEIGHTS, this.trendX);
    weightedSums(this.y, TREND_WEIGHTS, this.trendY);
    for (let t = 0; t < this.count; t++) {
      const a = defined(this.trendX[t]);
      const b = defined(this.trendY[t]);
      const length = sqrt(a * a + b * b);
      const c = length > 0 ? a / length : 1;
      const s = length > 0 ? b / length : 0;
      this.x[t] = defined(re[t]) * c + defined(im[t]) * s;
      this.y[t] = defined(im[t]) * c - defined(re[t]) * s;
    }
    weightedSums(this.x, DEVIATION_WEIGHTS, this.trendX);
    weightedSums(this.y, DEVIATION_WEIGHTS, this.trendY);
    for (let t = 0; t < this.count; t++) {
      const total = weightAt(t, this.count, DEVIATION_WEIGHTS);
      const a = defined(this.trendX[t]) / total;
      const b = defined(this.trendY[t]) / total;
      out[t * PHASE_BINS + bin] = spread(a * a + b * b);
    }
  }
}

/** Returns Fisher's standard deviation of a mean vector with this squared length. */
function spread(squared: number): number {
  if (!(squared > 0)) return LARGEST_DEVIATION;
  return Math.min(LARGEST_DEVIATION, Math.max(SMALLEST_DEVIATION, sqrt(Math.max(0, -log(squared)))));
}

/** Returns the weights of a rectangle applied forwards and backwards. */
function triangle(width: number): Float64Array {
  return selfConvolution(new Float64Array(width).fill(1));
}

function selfConvolution(window: Float64Array): Float64Array {
  const out = new Float64Array(2 * window.length - 1);
  window.forEach((a, i) => {
    window.forEach((b, j) => {
      out[i + j] = defined(out[i + j]) + a * b;
    });
  });
  return out;
}

/**
 * Returns the group of each of the bins 0 .. 511. Bin b is point b + 1 of a scale that is the identity up to
 * 8, then the Bezier curve (8, 8), (25, 25), (512, 25).
 */
function meanGroups(): Uint8Array {
  const [knee, top, end] = [8, MEAN_COEFFICIENTS, PHASE_BINS - 1];
  return Uint8Array.from({ length: end }, (_, b) => {
    const point = b + 1;
    if (point <= knee) return point - 1;
    const [quadratic, linear] = [end - 2 * top + knee, 2 * (top - knee)];
    const t = (-linear + sqrt(linear * linear + 4 * quadratic * (point - knee))) / (2 * quadratic);
    return Math.round(top - (top - knee) * (1 - t) * (1 - t)) - 1;
  });
}

/**
 * Computes sums with symmetric weights around each frame. Frames outside do not count. Adds pairs first, so
 * that the order of the sums does not depend on the start of the range.
 */
function weightedSums(values: Float64Array, weights: Float64Array, out: Float64Array): void {
  const reach = (weights.length - 1) / 2;
  const centre = defined(weights[reach]);
  for (let t = 0; t < out.length; t++) out[t] = centre * defined(values[t]);
  for (let d = 1; d <= reach; d++) {
    const weight = defined(weights[reach + d]);
    for (let t = d; t < out.length; t++) out[t] = defined(out[t]) + weight * defined(values[t - d]);
    for (let t = 0; t < out.length - d; t++) out[t] = defined(out[t]) + weight * defined(values[t + d]);
  }
}

/** Returns the sum of the weights of existing frames. */
function weightAt(t: number, count: number, weights: Float64Array): number {
  const reach = (weights.length - 1) / 2;
  let total = 0;
  for (let d = Math.max(-reach, -t); d <= Math.min(reach, count - 1 - t); d++)
    total += defined(weights[reach + d]);
  return total;
}

/**
 * Computes the running median of 9 frames (fewer at the ends). Keeps a sorted window and replaces one value
 * of it at a time.
 */
function medians(values: Float64Array, out: Float64Array): void {
  const sorted = new Float64Array(2 * TREND_REACH + 1);
  let size = 0;
  for (let t = -TREND_REACH; t < values.length; t++) {
    const entering = t + TREND_REACH;
    const leaving = t - TREND_REACH - 1;
    if (leaving >= 0) size = removeFrom(sorted, size, defined(values[leaving]));
    if (entering < values.length) size = insertInto(sorted, size, defined(values[entering]));
    if (t >= 0) out[t] = (defined(sorted[(size - 1) >> 1]) + defined(sorted[size >> 1])) / 2;
  }
}

function insertInto(sorted: Float64Array, size: number, value: number): number {
  let at = size;
  for (; at > 0 && defined(sorted[at - 1]) > value; at--) sorted[at] = defined(sorted[at - 1]);
  sorted[at] = value;
  return size + 1;
}

function removeFrom(sorted: Float64Array, size: number, value: number): number {
  let at = 0;
  while (sorted[at] !== value) at += 1;
  for (; at < size - 1; at++) sorted[at] = defined(sorted[at + 1]);
  return size - 1;
}
