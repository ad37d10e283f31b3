import { defined } from "../core/defined.js";
import { realFft } from "./fft.js";

/** Minimum length of the transform as a multiple of the response. Shorter blocks cost more than they save. */
const BLOCK_FACTOR = 4;
const SMALLEST_FFT = 1024;

/**
 * Computes the first n values of the convolution of a signal with a response: y[i] = sum_k h[k] x[i - k], by
 * Fourier transforms of overlapping blocks (overlap-add).
 *
 * @param signal [n]
 * @param response [m], at least one value
 * @returns [n]
 */
export function convolve(signal: Float32Array | Float64Array, response: Float64Array): Float64Array {
  const n = signal.length;
  const result = new Float64Array(n);
  // the response beyond the signal's length does not affect the result
  const taps = response.subarray(0, n);
  if (taps.length === 0) return result;
  const size = powerOfTwo(Math.min(n + taps.length, Math.max(SMALLEST_FFT, BLOCK_FACTOR * taps.length)));
  const fft = realFft(size);
  const half = size / 2;
  const step = size - taps.length + 1;
  const [filterRe, filterIm] = [new Float64Array(half + 1), new Float64Array(half + 1)];
  fft.forward(taps, filterRe, filterIm);
  const [re, im] = [new Float64Array(half + 1), new Float64Array(half + 1)];
  const block = new Float64Array(size);
  for (let start = 0; start < n; start += step) {
    block.fill(0);
    block.set(signal.subarray(start, start + step));
    fft.forward(block, re, im);
    multiply(re, im, filterRe, filterIm);
    invert(re, im, block, fft);
    const end = Math.min(size, n - start);
    for (let i = 0; i < end; i++) result[start + i] = defined(result[start + i]) + defined(block[i]);
  }
  return result;
}

/** Multiplies complex values in place. */
function multiply(re: Float64Array, im: Float64Array, byRe: Float64Array, byIm: Float64Array): void {
  for (let k = 0; k < re.length; k++) {
    const [a, b, c, d] = [defined(re[k]), defined(im[k]), defined(byRe[k]), defined(byIm[k])];
    re[k] = a * c - b * d;
    im[k] = a * d + b * c;
  }
}

/**
 * Computes the real signal of a spectrum of N/2 + 1 values by the forward transform. This is possible because
 * the Hartley transform, re - im, is its own inverse up to the factor N. Overwrites the spectrum.
 */
function invert(
  re: Float64Array,
  im: Float64Array,
  out: Float64Array,
  fft: ReturnType<typeof realFft>,
): void {
  const size = out.length;
  const half = size / 2;
  for (let k = 0; k <= half; k++) out[k] = defined(re[k]) - defined(im[k]);
  for (let k = 1; k < half; k++) out[size - k] = defined(re[k]) + defined(im[k]);
  fft.forward(out, re, im);
  for (let n = 0; n <= half; n++) out[n] = (defined(re[n]) - defined(im[n])) / size;
  for (let n = 1; n < half; n++) out[size - n] = (defined(re[n]) + defined(im[n])) / size;
}

function powerOfTwo(atLeast: number): number {
  let size = 2;
  while (size < atLeast) size *= 2;
  return size;
}
