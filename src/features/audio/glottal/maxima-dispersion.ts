import type { Pulse } from "./pulses.js";
import { halfWavelet, waveletAt } from "./wavelet.js";

/** Bands of 2 kHz, 1 kHz, 500, 250 and 125 Hz. */
const WAVELETS = [4, 8, 16, 32, 64].map(halfWavelet);
/** Maxima are looked for within this share of the period on both sides of a closure. */
const REACH = 0.2;

/**
 * Maxima dispersion quotient: mean distance of the maxima of the residual's octave bands from the closure
 * that ends the cycle, in periods. Small where the excitation is an impulse (tense voice), whose maxima line
 * up, large where it is spread out (breathy voice). In [0, 0.2]. Kane & Gobl, "Wavelet maxima dispersion for
 * breathy to tense voice discrimination", IEEE TASLP 21(6), 2013. Undefined where a period around the closure
 * does not fit into the signal.
 */
export function maximaDispersion(residual: Float64Array, { start, end }: Pulse): number | undefined {
  const period = end - start;
  if (end - period < 0 || end + period >= residual.length) return undefined;
  const reach = Math.round(REACH * period);
  let sum = 0;
  for (const wavelet of WAVELETS) sum += Math.abs(greatestWithin(residual, wavelet, end, reach) - end);
  return sum / WAVELETS.length / period;
}

function greatestWithin(
  residual: Float64Array,
  wavelet: Float64Array,
  centre: number,
  reach: number,
): number {
  let best = centre - reach;
  let greatest = -Infinity;
  for (let n = centre - reach; n <= centre + reach; n++) {
    const value = waveletAt(residual, wavelet, n);
    if (value > greatest) {
      greatest = value;
      best = n;
    }
  }
  return best;
}
