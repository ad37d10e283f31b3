import { exp, sqrt } from "../../../core/math.js";
import { normalAt, type RandomKey } from "../../../core/random.js";
import type { FloatBuffer, IntBuffer } from "../../buffers.js";
import { add, at } from "../../backends/reference/access.js";
import type { ExpertsKernels } from "./contract.js";
import { forEachPair } from "./pairs.js";

type Gaussian = Pick<ExpertsKernels, "gaussianMixture" | "gaussianMixtureBackward">;

function keyAt(keys: IntBuffer, row: number): RandomKey {
  return { k0: at(keys.view, 2 * row), k1: at(keys.view, 2 * row + 1) };
}

/** One dimension of an expert's Gaussian. */
interface Component {
  readonly mu: number;
  readonly logVar: number;
  readonly variance: number;
  readonly sigma: number;
  readonly noise: number;
  readonly z: number;
  /** False if the clamp stops the gradient. */
  readonly inside: boolean;
}

/** Epsilon of one dimension of a pair. */
function epsilonAt(
  keys: IntBuffer | undefined,
  noise: FloatBuffer | undefined,
  pair: number,
  j: number,
  width: number,
): number {
  if (!keys) return 0;
  return noise ? at(noise.view, pair * width + j) : normalAt(keyAt(keys, pair), j);
}

function component(
  raw: FloatBuffer,
  pair: number,
  j: number,
  width: number,
  low: number,
  high: number,
  noise: number,
): Component {
  const mu = at(raw.view, pair * 2 * width + j);
  const unclamped = at(raw.view, pair * 2 * width + width + j);
  const logVar = Math.min(Math.max(unclamped, low), high);
  const variance = exp(logVar);
  const sigma = sqrt(variance);
  return {
    mu,
    logVar,
    variance,
    sigma,
    noise,
    z: mu + noise * sigma,
    inside: low <= unclamped && unclamped <= high,
  };
}

export const gaussian: Gaussian = {
  gaussianMixture(call) {
    const { raw, gate, dispatch, rows, slots, width, clampLow, clampHigh, keys, noise } = call;
    const { h, sigma2, kl } = call;
    sigma2.view.fill(0, 0, rows * slots);
    kl.view.fill(0, 0, rows * slots);
    for (let r = 0; r < rows; r++) {
      const mixed = new Float64Array(width);
      for (let s = 0; s < slots; s++) {
        const entry = r * slots + s;
        const pair = at(dispatch.pairOf.view, entry);
        if (pair < 0) continue;
        let varianceSum = 0;
        let klSum = 0;
        for (let j = 0; j < width; j++) {
          const c = component(
            raw,
            pair,
            j,
            width,
            clampLow,
            clampHigh,
            epsilonAt(keys, undefined, pair, j, width),
          );
          if (keys && noise) noise.view[pair * width + j] = c.noise;
          add(mixed, j, at(gate.view, entry) * c.z);
          varianceSum += c.variance;
          klSum += -0.5 * (1 + c.logVar - c.mu * c.mu - c.variance);
        }
        sigma2.view[entry] = varianceSum / width;
        kl.view[entry] = klSum / width;
      }
      h.view.set(mixed, r * width);
    }
  },

  gaussianMixtureBackward(call, { dh, dsigma2, dkl, draw, dgate }) {
    const { raw, gate, dispatch, slots, width, clampLow, clampHigh, keys, noise } = call;
    forEachPair(dispatch, (_, pair, row) => {
      const entry = row * slots + at(dispatch.slots.view, pair);
      const g = at(gate.view, entry);
      const dVariance = at(dsigma2.view, entry) / width;
      const dKl = at(dkl.view, entry) / width;
      let gateSum = 0;
      for (let j = 0; j < width; j++) {
        const c = component(raw, pair, j, width, clampLow, clampHigh, epsilonAt(keys, noise, pair, j, width));
        const d = at(dh.view, row * width + j);
        const dz = g * d;
        gateSum += d * c.z;
        draw.view[pair * 2 * width + j] = dz + dKl * c.mu;
        const dLogVar = dz * c.noise * 0.5 * c.sigma + dVariance * c.variance + dKl * 0.5 * (c.variance - 1);
        draw.view[pair * 2 * width + width + j] = c.inside ? dLogVar : 0;
      }
      add(dgate.view, entry, gateSum);
    });
  },
};
