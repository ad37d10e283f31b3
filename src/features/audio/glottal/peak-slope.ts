import { log } from "../../../core/math.js";
import { frameHop, sampleRate, voicedStretches } from "./analysis-rate.js";
import { halfWavelet, waveletAt } from "./wavelet.js";

/** Bands of 125 Hz, 250 Hz, ... 8 kHz, in the order in which the line is fitted. */
const SCALES = [64, 32, 16, 8, 4, 2, 1];
/** A band is looked at this many times per half-wave: a peak is missed by less than 0.5%. */
const LOOKS = 16;
/** 40 ms hold a pulse of a voice of 25 Hz. */
const HALF_FRAME = (20 * sampleRate) / 1000;
const MEAN_INDEX = (SCALES.length - 1) / 2;

/**
 * Peak slope of each voiced frame: slope of the line fitted to the common logarithms of the greatest sizes of
 * the seven octave bands of speech within 40 ms, per octave from low to high. Falls (more negative) from
 * tense to lax voice. Kane & Gobl, "Identifying regions of non-modal phonation using features of the wavelet
 * transform", Interspeech 2011; with the logarithm as in COVAREP. 0 in unvoiced and silent frames. [T]
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
      else slopes[t] = (slopes[t] ?? 0) + (octave - MEAN_INDEX) * log(greatest);
    }
  });
  const spread = SCALES.reduce((sum, _, octave) => sum + (octave - MEAN_INDEX) ** 2, 0);
  return slopes.map((sum, t) => (silent[t] === 1 ? 0 : sum / spread / Math.LN10));
}

/** `from` is a multiple of `step`. */
function greatestIn(x: Float64Array, from: number, to: number, step: number): number {
  let greatest = 0;
  for (let n = Math.max(0, from); n < Math.min(x.length, to); n += step)
    greatest = Math.max(greatest, x[n] ?? 0);
  return greatest;
}
