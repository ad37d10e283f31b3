import { sampleAt } from "../../../signal/sample-at.js";
import { defined } from "../../../core/defined.js";
import { cos, sin } from "../../../core/math.js";
import { sampleRate } from "./analysis-rate.js";
import type { Complex } from "./lf-model.js";

/** Length of the window in periods: its zeros are then at the neighbouring harmonics. */
const FRAME_PERIODS = 3;

/**
 * Computes the complex amplitudes of harmonics 1, 2, ... below half the sampling rate around one sample, up
 * to a common factor: the Fourier transform of a Blackman window of three periods, with its centre as time 0.
 * The signal is 0 beyond its ends.
 * @param f0 Hz
 * @param windowOf returns the Blackman window of a length
 */
export function harmonicsAround(
  signal: Float64Array,
  centre: number,
  f0: number,
  windowOf: (length: number) => Float64Array,
): Complex[] {
  const half = Math.round((FRAME_PERIODS * sampleRate) / f0 / 2);
  const window = windowOf(2 * half + 1);
  const even = new Float64Array(half + 1);
  const odd = new Float64Array(half + 1);
  even[0] = sampleAt(signal, centre) * defined(window[half]);
  for (let i = 1; i <= half; i++) {
    const before = sampleAt(signal, centre - i);
    const after = sampleAt(signal, centre + i);
    const weight = defined(window[half - i]);
    even[i] = weight * (after + before);
    odd[i] = weight * (after - before);
  }
  const count = Math.floor(sampleRate / 2 / f0);
  return Array.from({ length: count }, (_, h) =>
    evenOddTransform(even, odd, (2 * Math.PI * (h + 1) * f0) / sampleRate),
  );
}

/**
 * Computes the sum of even[i] cos(angle i) - i odd[i] sin(angle i) by Clenshaw's recurrence, which needs only
 * one cosine and one sine.
 */
function evenOddTransform(even: Float64Array, odd: Float64Array, angle: number): Complex {
  const cosine = cos(angle);
  const turn = 2 * cosine;
  let e1 = 0;
  let e2 = 0;
  let o1 = 0;
  let o2 = 0;
  for (let i = even.length - 1; i >= 1; i--) {
    const e = defined(even[i]) + turn * e1 - e2;
    const o = defined(odd[i]) + turn * o1 - o2;
    e2 = e1;
    e1 = e;
    o2 = o1;
    o1 = o;
  }
  return { re: defined(even[0]) + cosine * e1 - e2, im: -sin(angle) * o1 };
}
