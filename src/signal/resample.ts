import { defined } from "../core/defined.js";
import { sin, sqrt } from "../core/math.js";
import { MediaError } from "../core/errors.js";

const LOWEST_RATE = 2000;
const HIGHEST_RATE = 768_000;
/**
 * Number of zero crossings of the sinc on each side, and shape of the Kaiser window. The pass band ends at
 * 0.94 of the lower Nyquist frequency; the stop band is below -95 dB.
 */
const CROSSINGS = 48;
const KAISER_BETA = 10;
const CUTOFF = 0.955;

/**
 * Resamples a signal with a Kaiser-windowed sinc low-pass filter of linear phase (Smith, "Digital audio
 * resampling home page", CCRMA).
 * @param signal [n]
 * @param from rate in Hz, in [2000, 768000], rounded to a whole number
 * @param to rate in Hz, in the same range
 * @returns [round(n to / from)]; the signal itself if the rates are equal
 * @throws MediaError "media.unsupported" for another rate
 */
export function resample(signal: Float32Array, from: number, to: number): Float32Array {
  for (const rate of [from, to]) checkSamplingRate(rate);
  const divisor = greatestCommonDivisor(Math.round(from), Math.round(to));
  const up = Math.round(to) / divisor;
  const down = Math.round(from) / divisor;
  if (up === down) return signal;
  const phases = new Map<number, Float64Array>();
  const scale = Math.min(1, up / down);
  const reach = Math.ceil(CROSSINGS / scale);
  const out = new Float32Array(Math.round((signal.length * up) / down));
  for (let n = 0; n < out.length; n++) {
    const position = n * down;
    const phase = position % up;
    let taps = phases.get(phase);
    if (taps === undefined) phases.set(phase, (taps = filterTaps(phase / up, scale, reach)));
    const start = (position - phase) / up - reach + 1;
    let sum = 0;
    for (let i = Math.max(0, -start); i < taps.length && start + i < signal.length; i++)
      sum += defined(taps[i]) * defined(signal[start + i]);
    out[n] = sum;
  }
  return out;
}

/** @throws MediaError "media.unsupported" for a rate outside [2000, 768000] Hz */
export function checkSamplingRate(rate: number): void {
  if (rate >= LOWEST_RATE && rate <= HIGHEST_RATE) return;
  throw new MediaError(
    "media.unsupported",
    `a sampling rate of ${rate} Hz was found, expected one from ${LOWEST_RATE} to ${HIGHEST_RATE}`,
    {
      hint: "Convert the sound first, for example: ffmpeg -i IN -ar 16000 OUT.wav",
    },
  );
}

/**
 * Returns the weights of the input samples around a point `fraction` after sample reach - 1, [2 reach]. Their
 * sum is 1, so that a constant is unchanged.
 */
function filterTaps(fraction: number, scale: number, reach: number): Float64Array {
  const taps = Float64Array.from({ length: 2 * reach }, (_, i) => {
    const u = (i - reach + 1 - fraction) * scale;
    return Math.abs(u) < CROSSINGS ? sinc(u * CUTOFF) * kaiser(u / CROSSINGS) : 0;
  });
  const sum = taps.reduce((a, b) => a + b, 0);
  return taps.map((tap) => tap / sum);
}

function sinc(x: number): number {
  return x === 0 ? 1 : sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return besselI0(KAISER_BETA * sqrt(1 - x * x)) / besselI0(KAISER_BETA);
}

/** Computes the modified Bessel function of order 0 by its power series. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) * (x / (2 * k));
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
