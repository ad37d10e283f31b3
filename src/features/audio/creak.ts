import { sampleAt } from "../../signal/sample-at.js";
import { defined } from "../../core/defined.js";
import { log, sin, sqrt } from "../../core/math.js";
import { ANALYSIS_RATE, frameCentre, frameCount } from "./frames.js";
import { hammingWindow } from "./windows.js";
import { DB_PER_NEPER } from "./levels.js";

/** Number of samples per millisecond. */
const MS = ANALYSIS_RATE / 1000;
const [LOW_CUT, HIGH_CUT] = [100, 1500];
/** Number of taps of the band-pass filter on each side: 10 ms. */
const REACH = 10 * MS;
const POWER_WINDOW = 4 * MS;
const POWER_SHIFT = 2 * MS;
/**
 * A peak is 2 dB above its surroundings within 6 ms. A pulse of creak rises and falls by 7 dB within 10 ms.
 * Peaks 30 dB below the loudest do not count.
 */
const PEAK_DB = 2;
const PEAK_STEPS = 3;
const PULSE_DB = 7;
const PULSE_STEPS = 5;
const DEEPEST_DB = 30;
const PERIODICITY_WINDOW = 32 * MS;
const LONGEST_LAG = 15 * MS;
const SHORTEST_LAG = MS;
const PERIODIC = 0.5;
const SIMILAR = 0.5;
const LONGEST_INTERVAL = 100 * MS;

/**
 * Detects creaky voice by the rules of Ishi, Sakakibara, Ishiguro & Hagita ("A method for automatic detection
 * of vocal fry", IEEE TASLP 16(1), 2008), in the band of 100-1500 Hz.
 *
 * A pulse counts if its very short-term power rises and falls by more than 7 dB, its neighbourhood is not
 * periodic within 32 ms (intraframe periodicity up to 0.5), and it resembles the previous pulse, at most 100
 * ms ago (interpulse similarity of at least 0.5). The voice is creaky from such a pulse to the next.
 *
 * COVAREP's column holds the posterior of a neural network (Kane, Drugman & Gobl 2013) that reads these
 * measures. This column is 0 or 1.
 * @param samples [N] 16 kHz
 * @returns [T] 1 = creaky
 */
export function creakyFrames(samples: Float32Array): Uint8Array {
  const creaky = new Uint8Array(frameCount(samples.length));
  const band = bandPass(samples);
  let previous: number | undefined;
  for (const pulse of pulses(band)) {
    if (
      previous !== undefined &&
      pulse - previous <= LONGEST_INTERVAL &&
      !isPeriodic(band, pulse) &&
      similarity(band, previous, pulse) >= SIMILAR
    ) {
      creaky.fill(1, firstFrameFrom(previous), firstFrameFrom(pulse));
    }
    previous = pulse;
  }
  return creaky;
}

/** Returns the first frame whose centre is not before a sample. */
function firstFrameFrom(sample: number): number {
  return Math.max(0, Math.ceil((sample - frameCentre(0)) / (frameCentre(1) - frameCentre(0))));
}

/** Filters by the difference of two Hamming-windowed sinc low-pass filters: linear phase, without delay. */
function bandPass(samples: Float32Array): Float64Array {
  const window = hammingWindow(2 * REACH + 1);
  const lowPass = (cut: number, i: number): number =>
    i === 0 ? (2 * cut) / ANALYSIS_RATE : sin((2 * Math.PI * cut * i) / ANALYSIS_RATE) / (Math.PI * i);
  const taps = window.map((w, k) => w * (lowPass(HIGH_CUT, k - REACH) - lowPass(LOW_CUT, k - REACH)));
  const out = new Float64Array(samples.length);
  for (let n = 0; n < out.length; n++) {
    let sum = 0;
    for (let k = Math.max(0, REACH - n); k < Math.min(taps.length, samples.length - n + REACH); k++)
      sum += defined(taps[k]) * defined(samples[n + k - REACH]);
    out[n] = sum;
  }
  return out;
}

/** Returns the samples at which the power contour has a pulse. */
function pulses(band: Float64Array): number[] {
  const contour = powerContour(band);
  const peaks = Array.from(contour.keys()).filter((i) => isPeak(contour, i));
  const loudest = peaks.reduce((max, i) => Math.max(max, defined(contour[i])), -Infinity);
  return peaks
    .filter(
      (i) => defined(contour[i]) >= loudest - DEEPEST_DB && rises(contour, i, -1) && rises(contour, i, 1),
    )
    .map((i) => i * POWER_SHIFT + POWER_WINDOW / 2);
}

function powerContour(band: Float64Array): Float64Array {
  const length = Math.max(0, Math.floor((band.length - POWER_WINDOW) / POWER_SHIFT) + 1);
  return Float64Array.from({ length }, (_, i) => {
    let energy = 0;
    for (let n = i * POWER_SHIFT; n < i * POWER_SHIFT + POWER_WINDOW; n++)
      energy += defined(band[n]) * defined(band[n]);
    return DB_PER_NEPER * log(energy / POWER_WINDOW + 1e-12);
  });
}

function isPeak(contour: Float64Array, i: number): boolean {
  const here = defined(contour[i]);
  const next = contour[i + 1] ?? Infinity;
  const before = contour[i - 1] ?? Infinity;
  return (
    here > before &&
    here >= next &&
    here - PEAK_DB >= (contour[i - PEAK_STEPS] ?? Infinity) &&
    here - PEAK_DB >= (contour[i + PEAK_STEPS] ?? Infinity)
  );
}

/** True if the contour is 7 dB lower somewhere within 10 ms in a direction. */
function rises(contour: Float64Array, i: number, direction: 1 | -1): boolean {
  for (let d = 1; d <= PULSE_STEPS; d++)
    if (defined(contour[i]) - (contour[i + direction * d] ?? Infinity) > PULSE_DB) return true;
  return false;
}

/**
 * True if three successive frames, 10 ms apart, are periodic, starting around a sample. A single frame may be
 * periodic by chance.
 */
function isPeriodic(band: Float64Array, centre: number): boolean {
  return [0, 1, 2].every(
    (step) => intraframePeriodicity(band, centre - PERIODICITY_WINDOW / 2 + step * 10 * MS) > PERIODIC,
  );
}

/**
 * Returns the smallest autocorrelation among the multiples of the lag with the largest one (from 1 to 15 ms);
 * 1 for a periodic frame.
 */
function intraframePeriodicity(band: Float64Array, start: number): number {
  const correlation = Float64Array.from({ length: LONGEST_LAG + 1 }, (_, lag) =>
    lag > 0 && lag < SHORTEST_LAG ? 0 : autocorrelation(band, start, lag),
  );
  const energy = defined(correlation[0]);
  if (!(energy > 0)) return 0;
  const period = largestNear(correlation, (SHORTEST_LAG + LONGEST_LAG) / 2, (LONGEST_LAG - SHORTEST_LAG) / 2);
  let smallest = defined(correlation[period]) / energy;
  for (let lag = 2 * period; lag < LONGEST_LAG; lag += period) {
    const near = largestNear(correlation, lag, MS);
    smallest = Math.min(smallest, defined(correlation[near]) / energy);
  }
  return smallest;
}

/**
 * Returns the mean product over the part of the frame that overlaps with its shifted copy, times the length
 * of the frame.
 */
function autocorrelation(band: Float64Array, start: number, lag: number): number {
  let sum = 0;
  for (let i = start + lag; i < start + PERIODICITY_WINDOW; i++)
    sum += sampleAt(band, i) * sampleAt(band, i - lag);
  return (sum * PERIODICITY_WINDOW) / (PERIODICITY_WINDOW - lag);
}

function largestNear(values: Float64Array, centre: number, reach: number): number {
  let best = Math.max(0, Math.ceil(centre - reach));
  for (let i = best; i <= Math.min(values.length - 1, centre + reach); i++)
    if (defined(values[i]) > defined(values[best])) best = i;
  return best;
}

/** Returns the largest normalised cross-correlation of 15 ms around two pulses, shifted by up to 15 ms. */
function similarity(band: Float64Array, a: number, b: number): number {
  const half = LONGEST_LAG / 2;
  const segment = (centre: number): Float64Array =>
    Float64Array.from({ length: 2 * half + 1 }, (_, i) => sampleAt(band, centre - half + i));
  const [first, second] = [segment(a), segment(b)];
  const energy = (x: Float64Array): number => x.reduce((sum, value) => sum + value * value, 0);
  const scale = sqrt(energy(first) * energy(second));
  if (!(scale > 0)) return 0;
  let best = 0;
  for (let lag = -LONGEST_LAG; lag <= LONGEST_LAG; lag++) {
    let sum = 0;
    for (let i = Math.max(0, -lag); i < Math.min(first.length, first.length - lag); i++)
      sum += defined(first[i]) * defined(second[i + lag]);
    best = Math.max(best, sum);
  }
  return best / scale;
}
