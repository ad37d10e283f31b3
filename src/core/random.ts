/**
 * Counter-based random numbers. Each value is a pure function of (key, counter), so it does not depend on the
 * number of earlier draws, the batch order or the number of workers.
 *
 * Uses Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011),
 * checked against the published test vectors.
 */
import { defined } from "./defined.js";
import { cos, log, sqrt } from "./math.js";

/** Two unsigned 32-bit words. */
export interface RandomKey {
  readonly k0: number;
  readonly k1: number;
}

const PARITY = 0x1bd11bda;
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/** Computes one Threefry-2x32-20 block into `out[0..1]`, as unsigned 32-bit integers. */
export function threefry(key: RandomKey, c0: number, c1: number, out: Uint32Array): void {
  const k0 = key.k0 | 0;
  const k1 = key.k1 | 0;
  const k2 = PARITY ^ k0 ^ k1;
  let x0 = (c0 + k0) | 0;
  let x1 = (c1 + k1) | 0;
  for (let group = 0; group < 5; group++) {
    const base = group % 2 === 0 ? 0 : 4;
    for (let r = 0; r < 4; r++) {
      const rotation = defined(ROTATIONS[base + r]);
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << rotation) | (x1 >>> (32 - rotation))) ^ x0;
    }
    const a = group % 3 === 0 ? k1 : group % 3 === 1 ? k2 : k0;
    const b = group % 3 === 0 ? k2 : group % 3 === 1 ? k0 : k1;
    x0 = (x0 + a) | 0;
    x1 = (x1 + b + group + 1) | 0;
  }
  out[0] = x0;
  out[1] = x1;
}

/**
 * Hashes a name by two 32-bit multiplicative hashes over UTF-16 code units. The first is FNV-1a; the second
 * mixes in bits of the first. Only used to derive keys from names.
 */
function hashName(name: string): [number, number] {
  let h0 = 0x811c9dc5;
  let h1 = 0x9747b28c;
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i);
    h0 = Math.imul(h0 ^ c, 0x01000193);
    h1 = Math.imul(h1 ^ c ^ (h0 >>> 15), 0x85ebca6b);
  }
  return [h0 >>> 0, h1 >>> 0];
}

// Every draw reads it. `?? 0` never applies: the array has two elements. A call of `defined` would cost time.
const scratch = new Uint32Array(2);

/**
 * Returns the key of one stream of random numbers.
 *
 * @param seed non-negative safe integer given by the user
 * @param purpose name of the stream, e.g. `"dropout/text"`; streams with different names are independent
 */
export function randomKey(seed: number, purpose: string): RandomKey {
  const [h0, h1] = hashName(purpose);
  threefry({ k0: seed >>> 0, k1: Math.floor(seed / 4294967296) >>> 0 }, h0, h1, scratch);
  return { k0: defined(scratch[0]), k1: defined(scratch[1]) };
}

/** Derives a key for one index (a step, an epoch, a sample). */
export function foldIn(key: RandomKey, index: number): RandomKey {
  threefry(key, index >>> 0, (Math.floor(index / 4294967296) >>> 0) ^ 0x80000000, scratch);
  return { k0: defined(scratch[0]), k1: defined(scratch[1]) };
}

/**
 * Uniform number in the open interval (0, 1) with 32 bits: (word + 0.5) / 2^32.
 *
 * @param index number of the draw in the stream `key`
 */
export function uniformAt(key: RandomKey, index: number): number {
  threefry(key, index >>> 0, 0, scratch);
  return (defined(scratch[0]) + 0.5) / 4294967296;
}

/**
 * Standard normal number by Box-Muller. Draws 2i and 2i+1 share one block: the cosine and sine of one angle.
 */
export function normalAt(key: RandomKey, index: number): number {
  threefry(key, index >>> 1, 1, scratch);
  const radius = sqrt(-2 * log((defined(scratch[0]) + 0.5) / 4294967296));
  const turn = (defined(scratch[1]) + 0.5) / 4294967296;
  const shifted = (index & 1) === 0 ? turn : turn - 0.25;
  return radius * cos(2 * Math.PI * shifted);
}

/** Integer in [0, bound) by a 32-bit multiply-shift map. Its bias is below bound / 2^32. */
export function integerAt(key: RandomKey, index: number, bound: number): number {
  threefry(key, index >>> 0, 2, scratch);
  return Math.floor((defined(scratch[0]) / 4294967296) * bound);
}

/** Permutation of 0..n-1 (Fisher-Yates). The same key gives the same permutation. */
export function permutation(key: RandomKey, n: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = integerAt(key, i, i + 1);
    const a = defined(order[i]);
    order[i] = defined(order[j]);
    order[j] = a;
  }
  return order;
}
