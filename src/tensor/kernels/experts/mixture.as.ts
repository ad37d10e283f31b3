// Eqs. 3, 4, 6 and 10 for all (sample, expert) pairs, and their backward pass. The noise is drawn here. If it
// is not stored, the backward pass draws it again.
import { exp4 } from "../../../../kernels/math";
import { normalRow } from "../elementwise/random.as";
import { laneMask, storeTail, sumLanes } from "../../../../kernels/vector";

/** sigma. `variance4` gets sigma^2 from it, so that one exponential gives both. */
// @ts-ignore: decorator
@inline
function sigma4(logVar: v128): v128 {
  return exp4(f32x4.mul(logVar, f32x4.splat(0.5)));
}

/** NaN stays NaN. */
// @ts-ignore: decorator
@inline
function clamp4(x: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, low), high);
}

/**
 * `work`: width rounded up to a multiple of 8. keys = 0: z is the mean. noise: address for epsilon [R, H], or
 * 0.
 */
export function gaussianMixture(
  raw: usize, gate: usize, pairOf: usize, rows: usize, slots: usize, width: usize, low: f32, high: f32,
  keys: usize, h: usize, sigma2: usize, kl: usize,
  work: usize, noise: usize,
): void {
  const bytes = width << 2;
  const lowest = f32x4.splat(low);
  const highest = f32x4.splat(high);
  const one = f32x4.splat(1);
  const n = <f32>width;
  if (keys == 0) memory.fill(work, 0, ((width + 7) & ~7) << 2);
  for (let r: usize = 0; r < rows; r++) {
    memory.fill(h, 0, bytes);
    for (let s: usize = 0; s < slots; s++) {
      const entry = (r * slots + s) << 2;
      const pair = load<i32>(pairOf + entry);
      if (pair < 0) {
        store<f32>(sigma2 + entry, 0);
        store<f32>(kl + entry, 0);
        continue;
      }
      if (keys != 0) normalRow(keys + (<usize>pair << 3), width, work);
      if (noise != 0) memory.copy(noise + <usize>pair * bytes, work, bytes);
      const weight = v128.load32_splat(gate + entry);
      const mus = raw + <usize>pair * 2 * bytes;
      const logs = mus + bytes;
      let varianceSum = f32x4.splat(0);
      let klSum = varianceSum;
      for (let j: usize = 0; j < width; j += 4) {
        const o = j << 2;
        const mu = v128.load(mus + o);
        const logVar = clamp4(v128.load(logs + o), lowest, highest);
        const sigma = sigma4(logVar);
        const variance = f32x4.mul(sigma, sigma);
        const z = keys == 0 ? mu : f32x4.add(mu, f32x4.mul(v128.load(work + o), sigma));
        const mixed = f32x4.add(v128.load(h + o), f32x4.mul(weight, z));
        const divergence = f32x4.sub(f32x4.add(f32x4.mul(mu, mu), variance), f32x4.add(one, logVar));
        if (j + 4 <= width) {
          v128.store(h + o, mixed);
          varianceSum = f32x4.add(varianceSum, variance);
          klSum = f32x4.add(klSum, divergence);
        } else {
          const mask = laneMask(width - j);
          storeTail(h + o, mixed, width - j);
          varianceSum = f32x4.add(varianceSum, v128.and(variance, mask));
          klSum = f32x4.add(klSum, v128.and(divergence, mask));
        }
      }
      store<f32>(sigma2 + entry, sumLanes(varianceSum) / n);
      store<f32>(kl + entry, (sumLanes(klSum) * 0.5) / n);
    }
    h += bytes;
  }
}

export function gaussianMixtureBackward(
  raw: usize, gate: usize, pairOf: usize, rows: usize, slots: usize, width: usize, low: f32, high: f32,
  keys: usize, dh: usize, dsigma2: usize,
  dkl: usize, draw: usize, dgate: usize, work: usize, noise: usize,
): void {
  const bytes = width << 2;
  const lowest = f32x4.splat(low);
  const highest = f32x4.splat(high);
  const one = f32x4.splat(1);
  const half = f32x4.splat(0.5);
  const n = <f32>width;
  if (keys == 0) memory.fill(work, 0, ((width + 7) & ~7) << 2);
  for (let r: usize = 0; r < rows; r++) {
    for (let s: usize = 0; s < slots; s++) {
      const entry = (r * slots + s) << 2;
      const pair = load<i32>(pairOf + entry);
      if (pair < 0) continue;
      const epsilon = noise != 0 ? noise + <usize>pair * bytes : work;
      if (keys != 0 && noise == 0) normalRow(keys + (<usize>pair << 3), width, work);
      const weight = v128.load32_splat(gate + entry);
      const toVariance = f32x4.splat(load<f32>(dsigma2 + entry) / n);
      const toKl = f32x4.splat(load<f32>(dkl + entry) / n);
      const mus = raw + <usize>pair * 2 * bytes;
      const dmus = draw + <usize>pair * 2 * bytes;
      let gateSum = f32x4.splat(0);
      for (let j: usize = 0; j < width; j += 4) {
        const o = j << 2;
        const mu = v128.load(mus + o);
        const unclamped = v128.load(mus + bytes + o);
        const sigma = sigma4(clamp4(unclamped, lowest, highest));
        const variance = f32x4.mul(sigma, sigma);
        const spread = f32x4.mul(v128.load(epsilon + o), sigma);
        const z = f32x4.add(mu, spread);
        const d = v128.load(dh + o);
        const dz = f32x4.mul(weight, d);
        const dmu = f32x4.add(dz, f32x4.mul(toKl, mu));
        let dlog = f32x4.mul(f32x4.mul(dz, spread), half);
        dlog = f32x4.add(dlog, f32x4.mul(toVariance, variance));
        dlog = f32x4.add(dlog, f32x4.mul(f32x4.mul(toKl, half), f32x4.sub(variance, one)));
        dlog = v128.and(dlog, v128.and(f32x4.ge(unclamped, lowest), f32x4.le(unclamped, highest)));
        const product = f32x4.mul(d, z);
        if (j + 4 <= width) {
          v128.store(dmus + o, dmu);
          v128.store(dmus + bytes + o, dlog);
          gateSum = f32x4.add(gateSum, product);
        } else {
          storeTail(dmus + o, dmu, width - j);
          storeTail(dmus + bytes + o, dlog, width - j);
          gateSum = f32x4.add(gateSum, v128.and(product, laneMask(width - j)));
        }
      }
      store<f32>(dgate + entry, load<f32>(dgate + entry) + sumLanes(gateSum));
    }
    dh += bytes;
  }
}
