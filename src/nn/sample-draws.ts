import { randomKey } from "../core/random.js";
import { dropout, type DropoutSource, packedDropout } from "../tensor/ops/dropout.js";
import type { Packing } from "../tensor/sequence-kernels.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";

/** What random draws of one forward pass are keyed by, with a purpose of their own each. */
export interface SampleDraws {
  /** False at evaluation: nothing is drawn. */
  readonly training: boolean;
  readonly seed: number;
  /** Optimiser step, from 0. */
  readonly step: number;
  /** [B]: identifies each sample whatever its place in the batch. */
  readonly sampleIndex: ArrayLike<number>;
}

/**
 * Dropout in training, the identity at evaluation. A sample's mask depends on (seed, purpose, step, sample)
 * alone.
 * @param x [B, ...]
 * @param purpose of this place in the model, e.g. "head/0"
 */
export function dropoutIn(tape: Tape, x: Tensor, rate: number, purpose: string, draws: SampleDraws): Tensor {
  if (!draws.training || rate === 0) return x;
  return dropout(tape, x, rate, dropoutSource(purpose, draws));
}

/**
 * The same for packed rows [R, D]: a sample's mask depends on (seed, purpose, step, sample) and its own rows
 * alone.
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

/** What the masks of one place in the model are drawn from. */
export function dropoutSource(purpose: string, draws: SampleDraws): DropoutSource {
  return {
    key: randomKey(draws.seed, `dropout/${purpose}`),
    step: draws.step,
    sampleIndex: draws.sampleIndex,
  };
}
