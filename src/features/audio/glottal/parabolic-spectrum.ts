import type { Pulse } from "./pulses.js";
import { decibels, powerAt } from "./spectrum-at.js";

/**
 * Length of the Fourier transform whose bins the parabola is fitted to, and the error at which fitting stops:
 * Alku et al. (1997).
 */
const BINS = 2048;
const LARGEST_ERROR = 0.01;
const FEWEST_BINS = 3;

/**
 * Parabolic spectral parameter: how fast the spectrum of one cycle of flow falls at low frequencies, relative
 * to the fastest fall that its length allows, that of a rectangle as long as the period: near 1 for a flow
 * that hardly varies, small for a short, sharp pulse (Alku, Strik & Vilkman, "Parabolic spectral parameter -
 * A new method for quantification of the glottal flow", Speech Communication 22(1), 1997). As in COVAREP, the
 * flow is scaled to [0, 1] and the rectangle has unit area, which decides where either fit stops.
 * @param fastestOf `fastestDecay`, perhaps remembered
 * @returns undefined if nothing flows
 */
export function parabolicSpectralParameter(
  flow: Float64Array,
  { start, end }: Pulse,
  fastestOf: (period: number) => number,
): number | undefined {
  const cycle = flow.slice(start, end + 1);
  const lowest = cycle.reduce((least, value) => Math.min(least, value), Infinity);
  const range = cycle.reduce((most, value) => Math.max(most, value), -Infinity) - lowest;
  if (!(range > 0)) return undefined;
  const scaled = cycle.map((value) => (value - lowest) / range);
  const fastest = fastestOf(end - start);
  return fastest === 0 ? undefined : spectralDecay(scaled) / fastest;
}

/** The decay of a rectangle of unit area that is `period` samples long. */
export function fastestDecay(period: number): number {
  return spectralDecay(new Float64Array(period).fill(1 / period));
}

function spectralDecay(x: Float64Array): number {
  return curvature((bin) => decibels(powerAt(x, (2 * Math.PI * bin) / BINS)));
}

/**
 * The a of the parabola a k^2 + b that fits the levels of bins 0..N-1 best, at the first N whose squared
 * error, relative to the levels' squares, is not below the limit (the paper's eqs. 3 to 5).
 */
function curvature(level: (bin: number) => number): number {
  let sumX = 0;
  let sumXX = 0;
  let sumXK = 0;
  let sumK = 0;
  let sumKK = 0;
  let a = 0;
  for (let bin = 0; bin < BINS / 2; bin++) {
    const x = level(bin);
    const k = bin * bin;
    const count = bin + 1;
    sumX += x;
    sumXX += x * x;
    sumXK += x * k;
    sumK += k;
    sumKK += k * k;
    if (count < FEWEST_BINS) continue;
    a = (count * sumXK - sumX * sumK) / (count * sumKK - sumK * sumK);
    const b = (sumX - a * sumK) / count;
    if (sumXX - a * sumXK - b * sumX >= LARGEST_ERROR * sumXX) break;
  }
  return a;
}
