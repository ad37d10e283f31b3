import { randomKey } from "../core/random.js";
import { dropout, type DropoutSource, packedDropout } from "../tensor/ops/dropout.js";
import type { Packing } from "../tensor/kernels/sequences/contract.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";

/** Key of the random draws of one forward pass. Each use adds its own purpose. */
export interface SampleDraws {
  /** False at evaluation, which draws nothing. */
  readonly training: boolean;
  readonly seed: number;
  /** Optimiser step, from 0. */
  readonly step: number;
  /** Index of each sample, independent of its position in the batch. [B] */
  readonly sampleIndex: ArrayLike<number>;
}

/**
 * Applies dropout in training; returns `x` at evaluation. A mask depends on (seed, purpose, step, sample)
 * only.
 *
 * @param x [B, ...]
 * @param purpose name of this dropout in the model, e.g. "head/0"
 */
export function dropoutIn(tape: Tape, x: Tensor, rate: number, purpose: string, draws: SampleDraws): Tensor {
  if (!draws.training || rate === 0) return x;
  return dropout(tape, x, rate, dropoutSource(purpose, draws));
}

/**
 * Applies dropout to packed rows [R, D]. A mask depends on (seed, purpose, step, sample) and the sample's
 * rows only.
 */
export function packedDropoutIn(
  tape: Tape,
  x: Tensor,
  rate: number,
  purpose: string,
  draws: SampleDraws,
  packing: Packing,
): Tensor {
  if (!draws.training || rate === 0) return x;
  return packedDropout(tape, x, rate, dropoutSource(purpose, draws), packing);
}

/** Returns the source of the masks of one dropout in the model. */
export function dropoutSource(purpose: string, draws: SampleDraws): DropoutSource {
  return {
    key: randomKey(draws.seed, `dropout/${purpose}`),
    step: draws.step,
    sampleIndex: draws.sampleIndex,
  };
}
