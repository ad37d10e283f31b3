import { defined } from "../core/defined.js";
import type { FloatBuffer } from "../tensor/backend.js";
import { slice } from "../tensor/ops/shape-ops.js";
import { sum } from "../tensor/ops/reductions.js";
import { Tape } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";

/**
 * One modality's share of the joint feature: its mean, and its variance under the chosen experts' Gaussians
 * (absent: none).
 */
export interface GaussianBlock {
  /** [B, H] */
  readonly mean: Tensor;
  /** [B, H] */
  readonly variance: FloatBuffer | undefined;
}

/**
 * Standard deviation of a prediction whose features are Gaussian, by the delta method (e.g. Casella & Berger,
 * Statistical Inference, section 5.5.4):
 * Var[f(h)] = sum_i (df/dh_i)^2 Var[h_i], the derivative taken at the mean. Exact for a linear head; with
 * ReLUs, the head is taken to be linear as far as the noise reaches.
 *
 * Chosen over sampling h because it has no noise of its own and no draws that would have to be keyed: the
 * same sample has the same spread in every batch, and one pass back through the head costs less than a
 * handful of draws.
 *
 * @param predict from blocks [B, H] to predictions [B, outputs], on the given tape
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

/** sum over the block's features of (df/dh)^2 Var[h] for one sample. */
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
