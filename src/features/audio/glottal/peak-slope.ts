import { defined } from "../../../core/defined.js";
import { log } from "../../../core/math.js";
import { frameHop, sampleRate, voicedStretches } from "./analysis-rate.js";
import { halfWavelet, waveletAt } from "./wavelet.js";

/** Scales of the bands of 125 Hz, 250 Hz, ... 8 kHz, in the order of the fit. */
const SCALES = [64, 32, 16, 8, 4, 2, 1];
/** Number of evaluations of a band per half-wave. The error of a peak is below 0.5%. */
const LOOKS = 16;
/** Half the length of a frame. 40 ms contain a pulse of a voice of 25 Hz. */
const HALF_FRAME = (20 * sampleRate) / 1000;
const MEAN_INDEX = (SCALES.length - 1) / 2;

/**
 * Computes the peak slope of each voiced frame, [T]: slope per octave, from low to high, of the line fitted
 * to the common logarithms of the greatest sizes of the seven octave bands of speech within 40 ms. Becomes
 * more negative from tense to lax voice. 0 in unvoiced and silent frames. Kane & Gobl, "Identifying regions
 * of non-modal phonation using features of the wavelet transform", Interspeech 2011, with the logarithm as in
 * COVAREP.
 */
export function peakSlope(speech: Float64Array, vuv: Uint8Array): Float64Array {
  const stretches = voicedStretches(vuv, speech.length, HALF_FRAME);
  const slopes = new Float64Array(vuv.length);
  const silent = new Uint8Array(vuv.length);
  const band = new Float64Array(speech.length);
  SCALES.forEach((scale, octave) => {
    const wavelet = halfWavelet(scale);
    const step = Math.max(1, scale / LOOKS);
    for (const [start, end] of stretches) {
      for (let n = Math.ceil(start / step) * step; n < end; n += step)
        band[n] = Math.abs(waveletAt(speech, wavelet, n));
    }
    for (let t = 0; t < vuv.length; t++) {
      if (vuv[t] === 0) continue;
      const greatest = greatestIn(band, t * frameHop - HALF_FRAME, t * frameHop + HALF_FRAME, step);
      if (greatest === 0) silent[t] = 1;
      else slopes[t] = defined(slopes[t]) + (octave - MEAN_INDEX) * log(greatest);
    }
  });
  const spread = SCALES.reduce((sum, _, octave) => sum + (octave - MEAN_INDEX) ** 2, 0);
  return slopes.map((sum, t) => (silent[t] === 1 ? 0 : sum / spread / Math.LN10));
}

/** Returns the greatest value at multiples of `step`. `from` is one of them. */
function greatestIn(x: Float64Array, from: number, to: number, step: number): number {
  let greatest = 0;
  for (let n = Math.max(0, from); n < Math.min(x.length, to); n += step)
    greatest = Math.max(greatest, defined(x[n]));
  return greatest;
}
