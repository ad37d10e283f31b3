import { defined } from "../core/defined.js";
import { EuarError } from "../core/errors.js";
import { cos, sin } from "../core/math.js";

/**
 * Discrete Fourier transform of real signals with a length that is a power of two: radix 2, decimation in
 * time. Its tables come from the engine-independent sine and cosine, because the last bits of Math.sin depend
 * on the engine. A plan owns its scratch memory, so calls must not overlap.
 */
export interface RealFft {
  /** N, number of samples of a frame. */
  readonly size: number;
  /**
   * Computes X[k] = sum_n x[n] exp(-2 pi i k n / N) for k = 0 .. N/2.
   * @param signal [n] with n <= N, zero-padded
   * @param re [N/2 + 1] receives the real parts
   * @param im [N/2 + 1] receives the imaginary parts
   */
  forward(signal: Float64Array, re: Float64Array, im: Float64Array): void;
  /**
   * Transforms a real sequence that is symmetric about 0: X[k] = x[0] + (-1)^k x[N/2] + 2 sum_{n=1}^{N/2-1}
   * x[n] cos(2 pi k n / N). The result is real and symmetric too. The transform is its own inverse up to the
   * factor N. It converts a log spectrum to a cepstrum and back.
   * @param half [N/2 + 1] x[0 .. N/2]
   * @param out [N/2 + 1] receives X[0 .. N/2]; may be `half`
   */
  symmetric(half: Float64Array, out: Float64Array): void;
}

const plans = new Map<number, RealFft>();

/**
 * Returns the plan for frames of N samples. Creates each plan once.
 * @throws EuarError "internal" if N is not a power of two, or below 2
 */
export function realFft(size: number): RealFft {
  const known = plans.get(size);
  if (known !== undefined) return known;
  if (size < 2 || !Number.isInteger(Math.log2(size)))
    throw new EuarError("internal", `a Fourier transform needs a power of two from 2 on, got ${size}`);
  const plan = makePlan(size);
  plans.set(size, plan);
  return plan;
}

function makePlan(size: number): RealFft {
  const half = size / 2;
  const order = bitReversal(half);
  const tables = halfTurn(size);
  const re = new Float64Array(half);
  const im = new Float64Array(half);
  const folded = new Float64Array(half);
  const foldedRe = new Float64Array(half / 2 + 1);
  const foldedIm = new Float64Array(half / 2 + 1);

  function forward(signal: Float64Array, outRe: Float64Array, outIm: Float64Array): void {
    const length = Math.min(signal.length, size);
    for (let i = 0; i < half; i++) {
      const j = defined(order[i]);
      re[i] = 2 * j < length ? defined(signal[2 * j]) : 0;
      im[i] = 2 * j + 1 < length ? defined(signal[2 * j + 1]) : 0;
    }
    butterflies(re, im, tables);
    unpack(re, im, tables, outRe, outIm);
  }

  /**
   * Transforms a[n] = (x[n] + x[M-n]) / 2 - sin(pi n / M) (x[n] - x[M-n]) with M = N/2, so that half the
   * length suffices. The real parts of the result are the even coefficients, and the imaginary parts are the
   * differences of the odd ones (the classic reduction of the cosine transform of the first kind).
   */
  function symmetric(values: Float64Array, out: Float64Array): void {
    const head = defined(values[0]);
    const tail = defined(values[half]);
    let first = 0.5 * (head - tail);
    folded[0] = 0.5 * (head + tail);
    for (let n = 1; n < half / 2; n++) {
      const left = defined(values[n]);
      const right = defined(values[half - n]);
      const mean = 0.5 * (left + right);
      const difference = left - right;
      const rotated = -defined(tables.sin[n]) * difference;
      folded[n] = mean - rotated;
      folded[half - n] = mean + rotated;
      first += defined(tables.cos[n]) * difference;
    }
    folded[half / 2] = defined(values[half / 2]);
    realFft(half).forward(folded, foldedRe, foldedIm);
    for (let k = 0; k <= half / 2; k++) out[2 * k] = 2 * defined(foldedRe[k]);
    for (let k = 0; k < half / 2; k++) {
      if (k > 0) first -= defined(foldedIm[k]);
      out[2 * k + 1] = 2 * first;
    }
  }

  return { size, forward, symmetric };
}

interface Turns {
  /** [N/2], cos(2 pi k / N). */
  readonly cos: Float64Array;
  /** [N/2], -sin(2 pi k / N). */
  readonly sin: Float64Array;
}

function halfTurn(size: number): Turns {
  const angle = (k: number): number => (2 * Math.PI * k) / size;
  return {
    cos: Float64Array.from({ length: size / 2 }, (_, k) => cos(angle(k))),
    sin: Float64Array.from({ length: size / 2 }, (_, k) => -sin(angle(k))),
  };
}

function bitReversal(length: number): Uint32Array {
  const order = new Uint32Array(length);
  for (let i = 1; i < length; i++) order[i] = (defined(order[i >> 1]) >> 1) | (i & 1 ? length >> 1 : 0);
  return order;
}

/** Transforms bit-reversed complex values in place. The tables are those of twice the length. */
function butterflies(re: Float64Array, im: Float64Array, tables: Turns): void {
  const length = re.length;
  if (length >= 4) firstTwoStages(re, im);
  for (let span = length >= 4 ? 4 : 1; span < length; span *= 2) {
    const stride = length / span;
    for (let start = 0; start < length; start += 2 * span) {
      for (let k = 0; k < span; k++) {
        const c = defined(tables.cos[k * stride]);
        const s = defined(tables.sin[k * stride]);
        const a = start + k;
        const b = a + span;
        const ar = defined(re[a]);
        const ai = defined(im[a]);
        const br = defined(re[b]);
        const bi = defined(im[b]);
        const tr = br * c - bi * s;
        const ti = br * s + bi * c;
        re[a] = ar + tr;
        im[a] = ai + ti;
        re[b] = ar - tr;
        im[b] = ai - ti;
      }
    }
  }
}

/** Computes spans 1 and 2, whose factors are 1 and -i, without products. */
function firstTwoStages(re: Float64Array, im: Float64Array): void {
  for (let i = 0; i < re.length; i += 4) {
    const r0 = defined(re[i]) + defined(re[i + 1]);
    const r1 = defined(re[i]) - defined(re[i + 1]);
    const r2 = defined(re[i + 2]) + defined(re[i + 3]);
    const r3 = defined(re[i + 2]) - defined(re[i + 3]);
    const i0 = defined(im[i]) + defined(im[i + 1]);
    const i1 = defined(im[i]) - defined(im[i + 1]);
    const i2 = defined(im[i + 2]) + defined(im[i + 3]);
    const i3 = defined(im[i + 2]) - defined(im[i + 3]);
    re[i] = r0 + r2;
    im[i] = i0 + i2;
    re[i + 1] = r1 + i3;
    im[i + 1] = i1 - r3;
    re[i + 2] = r0 - r2;
    im[i + 2] = i0 - i2;
    re[i + 3] = r1 - i3;
    im[i + 3] = i1 + r3;
  }
}

/**
 * Separates the spectra of the even and the odd samples, which were transformed as one complex sequence.
 * Combines them to the spectrum of the signal.
 */
function unpack(
  re: Float64Array,
  im: Float64Array,
  tables: Turns,
  outRe: Float64Array,
  outIm: Float64Array,
): void {
  const half = re.length;
  outRe[0] = defined(re[0]) + defined(im[0]);
  outIm[0] = 0;
  outRe[half] = defined(re[0]) - defined(im[0]);
  outIm[half] = 0;
  for (let k = 1; k < half; k++) {
    const r1 = defined(re[k]);
    const i1 = defined(im[k]);
    const r2 = defined(re[half - k]);
    const i2 = defined(im[half - k]);
    const oddRe = 0.5 * (i1 + i2);
    const oddIm = 0.5 * (r2 - r1);
    const c = defined(tables.cos[k]);
    const s = defined(tables.sin[k]);
    outRe[k] = 0.5 * (r1 + r2) + oddRe * c - oddIm * s;
    outIm[k] = 0.5 * (i1 - i2) + oddRe * s + oddIm * c;
  }
}
