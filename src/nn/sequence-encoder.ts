import { defined } from "../core/defined.js";
import { add, scale } from "../tensor/ops/elementwise.js";
import { packingOf } from "../tensor/ops/packing.js";
import { lastWeights, meanWeights, poolRows } from "../tensor/ops/pool-rows.js";
import { gatherRows } from "../tensor/ops/shape-ops.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { Conv1d } from "./conv1d.js";
import type { ParameterSet } from "./parameter-set.js";
import { sinusoidalPositions } from "./positions.js";
import { packedDropoutIn, type SampleDraws } from "./sample-draws.js";
import { packSteps, type Sequence } from "./sequence.js";
import { TransformerEncoder, type TransformerOptions } from "./transformer-encoder.js";

export interface SequenceEncoderOptions extends TransformerOptions {
  readonly pooling: "mean" | "last";
  /** False: padding counts as real steps of zeros at its original position, as in the published code. */
  readonly ignorePadding: boolean;
  readonly embeddingDropout: number;
  /** Dropout rate of the features, before the convolution. */
  readonly inputDropout: number;
}

/**
 * Encodes a sequence to one vector, on packed rows (no work on padding).
 *
 * - conv1d over 3 steps to width H without bias, times sqrt(H), plus sinusoidal positions.
 * - A transformer encoder.
 * - The mean over the real steps, or the last one.
 *
 * Positions count real steps, so that left and right padding give the same bits. Parameters: `<name>/conv`,
 * `<name>/layers/<i>`, `<name>/norm`.
 */
export class SequenceEncoder {
  private readonly conv: Conv1d;
  private readonly transformer: TransformerEncoder;
  /** Cached positions for the longest sample so far, [T, H]. */
  private positions: Float64Array = new Float64Array(0);
  /** Positions of the rows of the last batch. Batches of full sequences have the same ones. */
  private lastPlaced: { readonly starts: Int32Array; readonly values: Float32Array } | undefined;

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
   * @returns [B, H]; zero rows for absent samples
   */
  forward(tape: Tape, sequence: Sequence, present: ArrayLike<number>, draws: SampleDraws): Tensor {
    const packed = packSteps(sequence, present, !this.options.ignorePadding);
    const packing = packingOf(tape, packed.starts);
    const dropped = (x: Tensor, rate: number, purpose: string): Tensor =>
      packedDropoutIn(tape, x, rate, `${this.name}/${purpose}`, draws, packing);
    const { vectors } = sequence;
    const features = vectors
      ? gatherRows(tape, vectors, samplesWithRows(packed.starts))
      : tape.constant(packed.values, [packing.rows, sequence.width]); // [R, D]
    const kept = dropped(features, this.options.inputDropout, "input");
    const embedded = scale(tape, this.conv.forward(tape, kept, packing), Math.sqrt(this.hidden)); // [R, H]
    const positions = tape.constant(this.positionsOf(packed.starts, packing.longest), embedded.shape);
    const placed = dropped(add(tape, embedded, positions), this.options.embeddingDropout, "embedding");
    const encoded = this.transformer.forward(tape, placed, packing, draws); // [R, H]
    const weights = this.options.pooling === "mean" ? meanWeights(packing) : lastWeights(packing);
    return poolRows(tape, encoded, weights, packing); // [B, H]
  }

  /** Returns the position encoding of each row within its sample. [R, H] */
  private positionsOf(starts: Int32Array, longest: number): Float32Array {
    const last = this.lastPlaced;
    if (last?.starts.length === starts.length && starts.every((start, b) => start === last.starts[b]))
      return last.values;
    if (this.positions.length < longest * this.hidden)
      this.positions = sinusoidalPositions(longest, this.hidden);
    const placed = new Float32Array((starts.at(-1) ?? 0) * this.hidden);
    for (let b = 0; b + 1 < starts.length; b++) {
      const [first, end] = [defined(starts[b]), defined(starts[b + 1])];
      placed.set(this.positions.subarray(0, (end - first) * this.hidden), first * this.hidden);
    }
    this.lastPlaced = { starts, values: placed };
    return placed;
  }
}

/** Returns the samples that have rows. */
function samplesWithRows(starts: ArrayLike<number>): number[] {
  const samples = Array.from({ length: starts.length - 1 }, (_, b) => b);
  return samples.filter((b) => starts[b] !== starts[b + 1]);
}
