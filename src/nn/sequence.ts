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
}

/** [B]: 1 where the sample has the modality with at least one real step. A clip of nothing but padding counts as missing. */
export function presence({ steps, mask, present }: Sequence): Uint8Array {
  return present.map((flag, b) => (flag !== 0 && mask.subarray(b * steps, (b + 1) * steps).includes(1) ? 1 : 0));
}

export interface PackedSequence {
  /** [B, T, D]: each sample's real steps moved to the front, zeros behind them. */
  readonly values: Float32Array;
  /** [B, T]: 1 for the first `lengths[b]` steps. */
  readonly mask: Uint8Array;
  /** [B]: real steps; 0 for absent samples. */
  readonly lengths: Int32Array;
}

/** Moves each sample's real steps to the front, so that left and right padding are the same input from here on. */
export function packSteps(sequence: Sequence, present: ArrayLike<number>): PackedSequence {
  const { steps, width, values, mask } = sequence;
  const batch = present.length;
  const packed = { values: new Float32Array(batch * steps * width), mask: new Uint8Array(batch * steps), lengths: new Int32Array(batch) };
  for (let b = 0; b < batch; b++) {
    if (present[b] === 0) continue;
    let length = 0;
    for (let t = 0; t < steps; t++) {
      const from = b * steps + t;
      if (mask[from] === 0) continue;
      packed.values.set(values.subarray(from * width, (from + 1) * width), (b * steps + length) * width);
      packed.mask[b * steps + length] = 1;
      length++;
    }
    packed.lengths[b] = length;
  }
  return packed;
}
