import { add, scale } from "../tensor/ops/elementwise.js";
import { reshape } from "../tensor/ops/shape-ops.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { Conv1d } from "./conv1d.js";
import { poolSteps } from "./masked-mean.js";
import type { ParameterSet } from "./parameter-set.js";
import { sinusoidalPositions } from "./positions.js";
import { dropoutIn, type SampleDraws } from "./sample-draws.js";
import { packSteps, type PackedSequence, type Sequence } from "./sequence.js";
import { TransformerEncoder, type TransformerOptions } from "./transformer-encoder.js";

export interface SequenceEncoderOptions extends TransformerOptions {
  readonly pooling: "mean" | "last";
  /** False: padding counts as real steps of zeros, where the data put it, as in the published code. */
  readonly ignorePadding: boolean;
  readonly embeddingDropout: number;
  /** Of the features, before the convolution. */
  readonly inputDropout: number;
}

/**
 * A sequence to one vector: conv1d over 3 steps to width H without bias, times sqrt(H), plus sinusoidal
 * positions, a transformer encoder, and the mean over the real steps (or the last one). Positions count real
 * steps, so that left and right padding give the same bits.
 * Parameters: `<name>/conv`, `<name>/layers/<i>`, `<name>/norm`.
 */
export class SequenceEncoder {
  private readonly conv: Conv1d;
  private readonly transformer: TransformerEncoder;

  constructor(
    parameters: ParameterSet,
    private readonly name: string,
    inputs: number,
    private readonly hidden: number,
    private readonly options: SequenceEncoderOptions,
  ) {
    this.conv = new Conv1d(parameters, `${name}/conv`, inputs, hidden, 3);
    this.transformer = new TransformerEncoder(parameters, name, hidden, options);
  }

  /**
   * @param present [B]
   * @returns [B, H]; zero rows where the sample is absent
   */
  forward(tape: Tape, sequence: Sequence, present: ArrayLike<number>, draws: SampleDraws): Tensor {
    const batch = present.length;
    // A mask of attention weights [T, T] would depend on the longest clip of the batch, hence on batch-mates;
    // everything else is the same to the bit.
    const trim = !(draws.training && this.options.attentionDropout > 0);
    const { steps, values, mask, lengths } = this.options.ignorePadding
      ? packSteps(sequence, present, trim)
      : asItComes(sequence, present);
    const features = sequence.vectors
      ? reshape(tape, sequence.vectors, [batch, 1, sequence.width])
      : tape.constant(values, [batch, steps, sequence.width]); // [B, T, D]
    const kept = dropoutIn(tape, features, this.options.inputDropout, `${this.name}/input`, draws);
    const embedded = scale(tape, this.conv.forward(tape, kept), Math.sqrt(this.hidden)); // [B, T, H]
    const positions = tape.constant(sinusoidalPositions(steps, this.hidden), [1, steps, this.hidden]);
    const placed = dropoutIn(
      tape,
      add(tape, embedded, positions),
      this.options.embeddingDropout,
      `${this.name}/embedding`,
      draws,
    );
    const encoded = this.transformer.forward(tape, placed, mask, draws); // [B, T, H]
    return poolSteps(tape, encoded, lengths, this.options.pooling); // [B, H]
  }
}

/** All steps of present samples count, padding too. */
function asItComes({ steps, width, values }: Sequence, present: ArrayLike<number>): PackedSequence {
  const batch = present.length;
  const copy = values.slice(0, batch * steps * width);
  const mask = new Uint8Array(batch * steps).fill(1);
  const lengths = new Int32Array(batch).fill(steps);
  for (let b = 0; b < batch; b++) {
    if (present[b] !== 0) continue;
    copy.fill(0, b * steps * width, (b + 1) * steps * width);
    mask.fill(0, b * steps, (b + 1) * steps);
    lengths[b] = 0;
  }
  return { steps, values: copy, mask, lengths };
}
