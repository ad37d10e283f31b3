import type { Tensor } from "../tensor/tensor.js";

/** One modality of a batch, as read from the data. Sizes: B samples, T time steps, D features. */
export interface Sequence {
  readonly width: number;
  readonly steps: number;
  /** [B, T, D] */
  readonly values: Float32Array;
  /** [B, T], 1 = real step, 0 = padding (left or right). */
  readonly mask: Uint8Array;
  /** [B], 0 = the sample lacks this modality. */
  readonly present: Uint8Array;
  /** Values of a single step as a tensor on the tape, [B, D]. Gradients flow back to their encoder. */
  readonly vectors?: Tensor;
}

/**
 * Returns 1 for samples that have the modality with at least one real step. [B]
 *
 * A clip with only padding is treated as missing.
 */
export function presence({ steps, mask, present }: Sequence): Uint8Array {
  const has = new Uint8Array(present.length);
  for (let b = 0; b < has.length; b++) {
    for (let t = b * steps; present[b] !== 0 && has[b] === 0 && t < (b + 1) * steps; t++)
      has[b] = mask[t] === 1 ? 1 : 0;
  }
  return has;
}

/** Steps of all samples, concatenated. */
export interface PackedSteps {
  /** [B + 1], sample b has the rows starts[b] .. starts[b + 1] - 1; none if it is absent. */
  readonly starts: Int32Array;
  /** [R, D]. The values of the sequence themselves if all its steps are packed. */
  readonly values: Float32Array;
}

/**
 * Packs the real steps of each present sample, so that left and right padding give the same input.
 *
 * @param present [B]
 * @param withPadding also pack padding steps, with their values
 */
export function packSteps(
  { steps, width, values, mask }: Sequence,
  present: ArrayLike<number>,
  withPadding: boolean,
): PackedSteps {
  const batch = present.length;
  const starts = new Int32Array(batch + 1);
  const isPacked = (b: number, step: number): boolean =>
    present[b] !== 0 && (withPadding || mask[step] !== 0);
  let rows = 0;
  for (let b = 0; b < batch; b++) {
    for (let step = b * steps; step < (b + 1) * steps; step++) rows += isPacked(b, step) ? 1 : 0;
    starts[b + 1] = rows;
  }
  if (rows === batch * steps && values.length === rows * width) return { starts, values };
  const packed = new Float32Array(rows * width);
  let to = 0;
  for (let b = 0; b < batch; b++) {
    for (let step = b * steps; step < (b + 1) * steps; step++) {
      if (!isPacked(b, step)) continue;
      packed.set(values.subarray(step * width, (step + 1) * width), to * width);
      to++;
    }
  }
  return { starts, values: packed };
}
