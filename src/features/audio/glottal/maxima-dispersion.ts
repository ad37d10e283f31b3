import type { Pulse } from "./pulses.js";
import { halfWavelet, waveletAt } from "./wavelet.js";

/** Wavelets of the bands of 2 kHz, 1 kHz, 500, 250 and 125 Hz. */
const WAVELETS = [4, 8, 16, 32, 64].map(halfWavelet);
/** Half width of the search for maxima around a closure, as a fraction of the period. */
const REACH = 0.2;

/**
 * Computes the maxima dispersion quotient: mean distance of the maxima of the residual's octave bands from
 * the closure that ends the cycle, in periods, in [0, 0.2]. Kane & Gobl, "Wavelet maxima dispersion for
 * breathy to tense voice discrimination", IEEE TASLP 21(6), 2013.
 *
 * Small if the excitation is an impulse (tense voice), whose maxima coincide; large if it is spread out
 * (breathy voice). Undefined if a period around the closure does not fit into the signal.
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
