import { sampleAt } from "../../signal/sample-at.js";
import { defined } from "../../core/defined.js";
import { log } from "../../core/math.js";
import { realFft } from "../../signal/fft.js";
import { ANALYSIS_RATE, frameCentre, frameCount } from "./frames.js";
import { inverseMel, mel } from "./mel-scale.js";
import { periodicHannWindow } from "./windows.js";

/** Number of samples of a frame: 25 ms at 16 kHz. */
const WINDOW = 400;
const FFT_SIZE = 512;
const BINS = FFT_SIZE / 2 + 1;
/** Smallest energy, so that silence has a logarithm. */
const FLOOR = 1e-10;

export interface LogMelOptions {
  /** Number of mel bands. */
  readonly bands: number;
  /** Lower edge of the first band in Hz. */
  readonly low: number;
  /** Upper edge of the last band in Hz, at most 8000. */
  readonly high: number;
}

/**
 * Returns triangular filters of a spectrum. Band b rises from edge b to 1 at edge b + 1 and falls to 0 at
 * edge b + 2, linearly in Hz. The edges are equally spaced in mel.
 * @returns [bands, 257]
 */
export function melFilters({ bands, low, high }: LogMelOptions): Float64Array {
  const [from, to] = [mel(low), mel(high)];
  const edge = (i: number): number => inverseMel(from + ((to - from) * i) / (bands + 1));
  const filters = new Float64Array(bands * BINS);
  for (let band = 0; band < bands; band++) {
    const [left, centre, right] = [edge(band), edge(band + 1), edge(band + 2)];
    for (let bin = 0; bin < BINS; bin++) {
      const frequency = (bin * ANALYSIS_RATE) / FFT_SIZE;
      const rising = (frequency - left) / (centre - left);
      const falling = (right - frequency) / (right - centre);
      filters[band * BINS + bin] = Math.max(0, Math.min(rising, falling));
    }
  }
  return filters;
}

/**
 * Log-mel spectrogram: every 10 ms the natural logarithm of the energy in each mel band,
 *
 *   s[t, b] = ln max(1e-10, sum_k F[b, k] |X_t[k]|^2),
 *
 * where X_t is the 512-point DFT of 25 ms around the frame's centre under a periodic Hann window. Samples
 * outside of the signal are 0. Parameters as in HTK (Young et al., "The HTK Book", section 5.4), but for the
 * frames' grid, which all acoustic features here share.
 * @param samples [N] 16 kHz, finite
 * @param filters of {@link melFilters}
 * @returns [T, bands]
 */
export function logMelFrames(samples: Float32Array, bands: number, filters: Float64Array): Float32Array {
  const steps = frameCount(samples.length);
  const plan = realFft(FFT_SIZE);
  const window = periodicHannWindow(WINDOW);
  const frame = new Float64Array(WINDOW);
  const [re, im, power] = [new Float64Array(BINS), new Float64Array(BINS), new Float64Array(BINS)];
  const out = new Float32Array(steps * bands);
  for (let t = 0; t < steps; t++) {
    const start = frameCentre(t) - WINDOW / 2;
    for (let n = 0; n < WINDOW; n++) frame[n] = defined(window[n]) * sampleAt(samples, start + n);
    plan.forward(frame, re, im);
    for (let k = 0; k < BINS; k++) power[k] = defined(re[k]) ** 2 + defined(im[k]) ** 2;
    for (let band = 0; band < bands; band++) {
      let energy = 0;
      for (let k = 0; k < BINS; k++) energy += defined(filters[band * BINS + k]) * defined(power[k]);
      out[t * bands + band] = log(Math.max(FLOOR, energy)); // [T, bands]
    }
  }
  return out;
}

/**
 * Returns the mean and standard deviation of each band over the usable frames.
 * @param frames [T, bands]
 * @param mask [T]
 * @returns [2 bands]: the means, then the deviations; zeros without a usable frame
 */
export function bandStatistics(frames: Float32Array, bands: number, mask: Uint8Array): Float32Array {
  const used = Array.from(mask.keys()).filter((t) => mask[t] === 1);
  const out = new Float32Array(2 * bands);
  if (used.length === 0) return out;
  for (let band = 0; band < bands; band++) {
    const at = (t: number): number => defined(frames[t * bands + band]);
    const mean = used.reduce((sum, t) => sum + at(t), 0) / used.length;
    const variance = used.reduce((sum, t) => sum + (at(t) - mean) ** 2, 0) / used.length;
    out[band] = mean;
    out[bands + band] = Math.sqrt(variance);
  }
  return out;
}
