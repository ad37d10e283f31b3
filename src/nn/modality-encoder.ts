import { relu } from "../tensor/ops/unary.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { Linear } from "./linear.js";
import { meanOfInput } from "./masked-mean.js";
import type { ParameterSet } from "./parameter-set.js";
import { dropoutIn, type SampleDraws } from "./sample-draws.js";
import type { Sequence } from "./sequence.js";
import { SequenceEncoder, type SequenceEncoderOptions } from "./sequence-encoder.js";

/** Encoder of one modality of a batch to one vector per sample. */
export interface ModalityEncoder {
  /** Width of the vector. */
  readonly outputs: number;
  /**
   * Encodes a batch.
   *
   * @param present [B]
   * @returns [B, outputs]; rows of absent samples are finite but have no meaning
   */
  forward(tape: Tape, sequence: Sequence, present: ArrayLike<number>, draws: SampleDraws): Tensor;
}

/**
 * `mean`: masked mean over time. `mlp`: the same, then a hidden layer with ReLU. `sequence`: conv1d and a
 * transformer.
 */
export type EncoderKind =
  | { readonly kind: "mean" }
  | { readonly kind: "mlp" }
  | ({ readonly kind: "sequence" } & Omit<SequenceEncoderOptions, "inputDropout">);

export type EncoderOptions = EncoderKind & {
  readonly hidden: number;
  /** Dropout on the features. */
  readonly inputDropout: number;
};

/** Creates an encoder. Its parameters are named `<name>/...`. */
export function createEncoder(
  parameters: ParameterSet,
  name: string,
  inputs: number,
  options: EncoderOptions,
): ModalityEncoder {
  if (options.kind === "sequence") {
    const encoder = new SequenceEncoder(parameters, name, inputs, options.hidden, options);
    return {
      outputs: options.hidden,
      forward: (tape, sequence, present, draws) => encoder.forward(tape, sequence, present, draws),
    };
  }
  const mean: ModalityEncoder = {
    outputs: inputs,
    forward: (tape, sequence, present, draws) =>
      // [B, D]
      dropoutIn(tape, meanOfInput(tape, sequence, present), options.inputDropout, `${name}/input`, draws),
  };
  if (options.kind === "mean") return mean;
  const linear = new Linear(parameters, `${name}/linear`, inputs, options.hidden);
  return {
    outputs: options.hidden,
    forward: (tape, sequence, present, draws) =>
      relu(tape, linear.forward(tape, mean.forward(tape, sequence, present, draws))), // [B, H]
  };
}
