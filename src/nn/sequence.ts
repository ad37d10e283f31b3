import type { Tensor } from "../tensor/tensor.js";

/** One modality of a batch as it comes from the data. Sizes: B samples, T time steps, D features. */
export interface Sequence {
  readonly width: number;
  readonly steps: number;
  /** [B, T, D] */
  readonly values: Float32Array;
  /** [B, T]: 1 = real step, 0 = padding (left or right). */
  readonly mask: Uint8Array;
  /** [B]: 0 = the sample does not have this modality. */
  readonly present: Uint8Array;
  /** [B, D]: the values of a single step on the tape, for gradients to flow back to what made them. */
  readonly vectors?: Tensor;
}

/**
 * [B]: 1 where the sample has the modality with at least one real step. A clip of nothing but padding counts
 * as missing.
 */
export function presence({ steps, mask, present }: Sequence): Uint8Array {
  const has = new Uint8Array(present.length);
  for (let b = 0; b < has.length; b++) {
    for (let t = b * steps; present[b] !== 0 && has[b] === 0 && t < (b + 1) * steps; t++)
      has[b] = mask[t] === 1 ? 1 : 0;
  }
  return has;
}

export interface PackedSequence {
  /** T', at most the T of the source. */
  readonly steps: number;
  /** [B, T', D] */
  readonly values: Float32Array;
  /** [B, T']: 1 for the first `lengths[b]` steps. */
  readonly mask: Uint8Array;
  /** [B]: real steps; 0 for absent samples. */
  readonly lengths: Int32Array;
}

/**
 * Moves each sample's real steps to the front, zeros behind them, so that left and right padding are the same
 * input from here on.
 * @param present [B]
 * @param trim leave out the steps that no sample of the batch has; otherwise T' = T
 */
export function packSteps(sequence: Sequence, present: ArrayLike<number>, trim: boolean): PackedSequence {
  const { width, values, mask } = sequence;
  const batch = present.length;
  const lengths = realLengths(sequence, present);
  const steps = trim ? lengths.reduce((longest, length) => Math.max(longest, length), 1) : sequence.steps;
  const packed = {
    steps,
    values: new Float32Array(batch * steps * width),
    mask: new Uint8Array(batch * steps),
    lengths,
  };
  for (let b = 0; b < batch; b++) {
    let to = b * steps;
    packed.mask.fill(1, to, to + (lengths[b] ?? 0));
    for (let from = b * sequence.steps; from < (b + 1) * sequence.steps; from++) {
      if (present[b] === 0 || mask[from] === 0) continue;
      packed.values.set(values.subarray(from * width, (from + 1) * width), to * width);
      to++;
    }
  }
  return packed;
}

/** [B]: the number of real steps, 0 for absent samples. */
function realLengths({ steps, mask }: Sequence, present: ArrayLike<number>): Int32Array {
  return Int32Array.from(present, (flag, b) => {
    if (flag === 0) return 0;
    let real = 0;
    for (let t = b * steps; t < (b + 1) * steps; t++) real += mask[t] === 0 ? 0 : 1;
    return real;
  });
}
