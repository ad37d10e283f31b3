import { sampleAt } from "../../../signal/sample-at.js";
import { defined } from "../../../core/defined.js";
import { cos, exp } from "../../../core/math.js";

/** Length of the Gaussian in deviations: it ends at exp(-12.5). */
const DEVIATIONS = 5;

/**
 * Returns the right half, from its centre on, of the cosine-modulated Gaussian -cos(pi t) exp(-t^2 / 2)
 * stretched by `scale` samples: octave bands centred at 8 kHz / scale (d'Alessandro & Sturmel, "Glottal
 * closure instant and voice source analysis using time-scale lines of maximum amplitude", Sadhana 36(5),
 * 2011). Its sign turns the negative peak of the derivative of flow at a closure into a maximum.
 */
export function halfWavelet(scale: number): Float64Array {
  return Float64Array.from(
    { length: DEVIATIONS * scale + 1 },
    (_, i) => -cos((Math.PI * i) / scale) * exp(-((i / scale) ** 2) / 2),
  );
}

/** Convolves with the whole, even wavelet at one sample, without delay. The signal is 0 beyond its ends. */
export function waveletAt(signal: Float64Array, half: Float64Array, n: number): number {
  let sum = defined(signal[n]) * defined(half[0]);
  for (let i = 1; i < half.length; i++)
    sum += (sampleAt(signal, n - i) + sampleAt(signal, n + i)) * defined(half[i]);
  return sum;
}
