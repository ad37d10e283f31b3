import { defined } from "../core/defined.js";
import type { FloatBuffer } from "../tensor/backend.js";
import { slice } from "../tensor/ops/shape-ops.js";
import { sum } from "../tensor/ops/reductions.js";
import { Tape } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";

/**
 * Block of one modality in the joint feature: its mean, and its variance under the Gaussians of the selected
 * experts. The variance is undefined if there is none.
 */
export interface GaussianBlock {
  /** [B, H] */
  readonly mean: Tensor;
  /** [B, H] */
  readonly variance: FloatBuffer | undefined;
}

/**
 * Computes the standard deviation of a prediction from Gaussian features by the delta method (e.g. Casella &
 * Berger, Statistical Inference, section 5.5.4): Var[f(h)] = sum_i (df/dh_i)^2 Var[h_i], with derivatives at
 * the mean. This is exact for a linear head. With ReLUs it assumes that the head is linear within the range
 * of the noise.
 *
 * The delta method needs no random numbers, unlike sampling h, so a sample has the same spread in every
 * batch. One backward pass through the head also costs less than a few draws.
 *
 * @param predict maps blocks [B, H] to predictions [B, outputs], on the given tape
 * @returns [B, outputs]
 */
export function predictionSpread(
  tape: Tape,
  blocks: readonly GaussianBlock[],
  outputs: number,
  predict: (tape: Tape, blocks: readonly Tensor[]) => Tensor,
): Float32Array {
  const batch = blocks[0]?.mean.extent(0) ?? 0;
  const spread = new Float32Array(batch * outputs);
  for (let output = 0; output < outputs; output++) {
    const scratch = new Tape(tape.backend, true, true); // the weights are constants
    const variables = blocks.map(({ mean }) => new Tensor(mean.shape, mean.buffer, true));
    const prediction = predict(scratch, variables); // [B, outputs]
    scratch.backward(sum(scratch, slice(scratch, prediction, 1, output, output + 1)));
    for (let b = 0; b < batch; b++) {
      let variance = 0;
      blocks.forEach((block, m) => (variance += varianceThrough(variables[m]?.gradient, block, b)));
      spread[b * outputs + output] = Math.sqrt(variance);
    }
  }
  return spread;
}

/** Sums (df/dh)^2 Var[h] over the features of a block, for one sample. */
function varianceThrough(
  gradient: FloatBuffer | undefined,
  { mean, variance }: GaussianBlock,
  row: number,
): number {
  if (!gradient || !variance) return 0;
  const width = mean.extent(1);
  const [slopes, variances] = [gradient.view, variance.view];
  let total = 0;
  for (let i = row * width; i < (row + 1) * width; i++)
    total += defined(slopes[i]) ** 2 * defined(variances[i]);
  return total;
}
