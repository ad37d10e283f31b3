import { log, sqrt } from "../../core/math.js";
import { angleOf } from "./arctangent.js";
import { hannWindow } from "./windows.js";
import { MelCepstrum } from "./mel-cepstrum.js";
import { ANALYSIS_RATE } from "./frames.js";
import { PHASE_BINS } from "./phase-distortion.js";

export const MEAN_COEFFICIENTS = 25;
export const DEVIATION_COEFFICIENTS = 13;
/** Frames on each side that a frame's statistics depend on. */
export const PHASE_CONTEXT = 24;

/** A rectangle of 25 frames, applied forwards and backwards. */
const MEAN_WEIGHTS = triangle(25);
/** A rectangle of 9 frames, applied forwards and backwards. */
const DEVIATION_WEIGHTS = triangle(9);
const TREND_REACH = 4;
/** A Hann window of 9 frames (its ends are zero), applied forwards and backwards. */
const TREND_WEIGHTS = selfConvolution(hannWindow(7));
/** COVAREP's stand-in for a deviation of 0, before logarithms are taken; here also the smallest. */
const SMALLEST_DEVIATION = 0.001;
/** What mean vectors shorter than rounding errors would give. */
const LARGEST_DEVIATION = 8;

/** Phase distortion of successive frames as unit vectors. F frames. */
export interface PhaseFrames {
  /** Index of the first frame in the clip. */
  readonly first: number;
  /** F. */
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
 * Short-term mean and deviation of phase distortion (Degottex & Erro 2014, section 3, with the filters that
 * COVAREP uses at its 10 ms frames): PDM is the angle of the mean vector over 49 frames weighted by a
 * triangle; PDD is Fisher's standard deviation sqrt(-2 ln |mean vector|) over 17 frames, after the trend
 * (median of 9 frames, then smoothed) is taken away. PDM is compressed to 25 means over bins on a scale that
 * is linear up to bin 8 and a Bezier curve from there, PDD to 13 mel-cepstral coefficients. At the ends of
 * the clip the windows are cut off.
 */
export class PhaseStatistics {
  private readonly cepstrum = new MelCepstrum(PHASE_BINS, ANALYSIS_RATE, DEVIATION_COEFFICIENTS - 1);
  private readonly groups = meanGroups();

  /**
   * @param frames the wanted frames and up to PHASE_CONTEXT frames on each side, as far as the clip goes
   * @param from first frame wanted
   * @param to end of the frames wanted
   * @param write receives each frame's 25 means and 13 deviations
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
        means[g] = angleOf(statistics.im[at] ?? 0, statistics.re[at] ?? 0);
      }
      this.cepstrum.of(
        statistics.deviation.subarray(row * PHASE_BINS, (row + 1) * PHASE_BINS),
        deviations,
        0,
      );
      write(t, means, deviations);
    }
  }

  /** Bin by bin, so that a bin's course over time stays in the nearest cache. */
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
    // At 0 Hz there is no harmonic: COVAREP repeats the next bin.
    for (let t = 0; t < count; t++)
      result.deviation[t * PHASE_BINS] = result.deviation[t * PHASE_BINS + 1] ?? 0;
    return result;
  }
}

/** Filters one bin's vectors along time; F frames. Holds the scratch memory. */
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
      const a = this.x[t] ?? 0;
      const b = this.y[t] ?? 0;
      const length = sqrt(a * a + b * b);
      if (length === 0) continue;
      const at = t * MEAN_COEFFICIENTS + group;
      sums.re[at] = (sums.re[at] ?? 0) + a / length;
      sums.im[at] = (sums.im[at] ?? 0) + b / length;
    }
  }

  /** Turns the vectors back by the direction of their trend, and measures how they spread. */
  writeDeviations(re: Float64Array, im: Float64Array, out: Float64Array, bin: number): void {
    medians(re, this.x);
    medians(im, this.y);
    weightedSums(this.x, TREND_WEIGHTS, this.trendX);
    weightedSums(this.y, TREND_WEIGHTS, this.trendY);
    for (let t = 0; t < this.count; t++) {
      const a = this.trendX[t] ?? 0;
      const b = this.trendY[t] ?? 0;
      const length = sqrt(a * a + b * b);
      const c = length > 0 ? a / length : 1;
      const s = length > 0 ? b / length : 0;
      this.x[t] = (re[t] ?? 0) * c + (im[t] ?? 0) * s;
      this.y[t] = (im[t] ?? 0) * c - (re[t] ?? 0) * s;
    }
    weightedSums(this.x, DEVIATION_WEIGHTS, this.trendX);
    weightedSums(this.y, DEVIATION_WEIGHTS, this.trendY);
    for (let t = 0; t < this.count; t++) {
      const total = weightAt(t, this.count, DEVIATION_WEIGHTS);
      const a = (this.trendX[t] ?? 0) / total;
      const b = (this.trendY[t] ?? 0) / total;
      out[t * PHASE_BINS + bin] = spread(a * a + b * b);
    }
  }
}

/** Fisher's standard deviation for a mean vector of this squared length. */
function spread(squared: number): number {
  if (!(squared > 0)) return LARGEST_DEVIATION;
  return Math.min(LARGEST_DEVIATION, Math.max(SMALLEST_DEVIATION, sqrt(Math.max(0, -log(squared)))));
}

/** A rectangle applied forwards and backwards. */
function triangle(width: number): Float64Array {
  return selfConvolution(new Float64Array(width).fill(1));
}

function selfConvolution(window: Float64Array): Float64Array {
  const out = new Float64Array(2 * window.length - 1);
  window.forEach((a, i) => {
    window.forEach((b, j) => {
      out[i + j] = (out[i + j] ?? 0) + a * b;
    });
  });
  return out;
}

/**
 * Which mean each of the bins 0 .. 511 belongs to: bin b is point b + 1 of a scale that is the identity up to
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
 * Symmetric weights around each frame; frames outside count as nothing. Pairs first: the order of the sums
 * does not depend on where the range begins.
 */
function weightedSums(values: Float64Array, weights: Float64Array, out: Float64Array): void {
  const reach = (weights.length - 1) / 2;
  const centre = weights[reach] ?? 0;
  for (let t = 0; t < out.length; t++) out[t] = centre * (values[t] ?? 0);
  for (let d = 1; d <= reach; d++) {
    const weight = weights[reach + d] ?? 0;
    for (let t = d; t < out.length; t++) out[t] = (out[t] ?? 0) + weight * (values[t - d] ?? 0);
    for (let t = 0; t < out.length - d; t++) out[t] = (out[t] ?? 0) + weight * (values[t + d] ?? 0);
  }
}

/** Sum of the weights whose frames exist. */
function weightAt(t: number, count: number, weights: Float64Array): number {
  const reach = (weights.length - 1) / 2;
  let total = 0;
  for (let d = Math.max(-reach, -t); d <= Math.min(reach, count - 1 - t); d++)
    total += weights[reach + d] ?? 0;
  return total;
}

/**
 * Running median of 9 frames, of fewer at the ends: a sorted window in which one value is replaced at a time.
 */
function medians(values: Float64Array, out: Float64Array): void {
  const sorted = new Float64Array(2 * TREND_REACH + 1);
  let size = 0;
  for (let t = -TREND_REACH; t < values.length; t++) {
    const entering = t + TREND_REACH;
    const leaving = t - TREND_REACH - 1;
    if (leaving >= 0) size = removeFrom(sorted, size, values[leaving] ?? 0);
    if (entering < values.length) size = insertInto(sorted, size, values[entering] ?? 0);
    if (t >= 0) out[t] = ((sorted[(size - 1) >> 1] ?? 0) + (sorted[size >> 1] ?? 0)) / 2;
  }
}

function insertInto(sorted: Float64Array, size: number, value: number): number {
  let at = size;
  for (; at > 0 && (sorted[at - 1] ?? 0) > value; at--) sorted[at] = sorted[at - 1] ?? 0;
  sorted[at] = value;
  return size + 1;
}

function removeFrom(sorted: Float64Array, size: number, value: number): number {
  let at = 0;
  while (sorted[at] !== value) at += 1;
  for (; at < size - 1; at++) sorted[at] = sorted[at + 1] ?? 0;
  return size - 1;
}
