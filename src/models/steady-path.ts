import { defined } from "../core/defined.js";
import { exp } from "../core/math.js";
import { outputsOf } from "../data/dataset.js";
import { linearInit } from "../nn/linear.js";
import type { ParameterSet } from "../nn/parameter-set.js";
import { add, mul, sub } from "../tensor/ops/elementwise.js";
import { linear } from "../tensor/ops/linear.js";
import { concat, slice } from "../tensor/ops/shape-ops.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";
import type { DataSignature } from "./model.js";

/**
 * Linear shortcut, which makes the prediction when the inputs look like the training data: one fully
 * connected layer over the masked means of all modalities.
 *
 * It learns from every sample that is not corrupted, while each expert learns from the samples that are
 * routed to it. Parameters: `<name>/weight`. It shares the bias of the experts' head.
 */
export class SteadyPath {
  private readonly weight: Parameter;

  /**
   * @param bias [outputs] bias of the experts' head, which starts at the mean of the labels
   * @param rate factor on the learning rate
   */
  constructor(
    parameters: ParameterSet,
    name: string,
    { modalities, task }: DataSignature,
    private readonly bias: Parameter,
    rate = 1,
  ) {
    const inputs = modalities.reduce((sum, { width }) => sum + width, 0);
    this.weight = parameters.create(`${name}/weight`, [inputs, outputsOf(task)], {
      init: linearInit(inputs),
      rate,
    });
  }

  /**
   * Predicts from the mean features.
   * @param means M of [B, D], zeros for samples without the modality
   * @returns [B, outputs]
   */
  answer(tape: Tape, means: readonly Tensor[]): Tensor {
    return linear(tape, concat(tape, means, 1), tape.parameter(this.weight), tape.parameter(this.bias));
  }
}

/**
 * Computes the weight of the steady path in each prediction: w = exp(-sum_m s_m), with the input anomaly
 * score s_m of modality m. 0 if a modality is missing.
 * @param anomaly M of [B, 1], undefined if no sample has the modality
 * @param present M of [B]
 * @returns [B], in [0, 1]
 */
export function steadyShare(
  anomaly: readonly (Tensor | undefined)[],
  present: readonly ArrayLike<number>[],
): Float64Array {
  return Float64Array.from(present[0] ?? [], (_, b) => {
    if (present.some((flags) => flags[b] === 0)) return 0;
    return exp(-anomaly.reduce((sum, one) => sum + (one?.buffer.view[b] ?? 0), 0));
  });
}

/** Predictions of the steady path for one batch. */
export class SteadyAnswer {
  /** [B, outputs] */
  readonly answer: Tensor;

  /**
   * @param means M of [B, D]
   * @param share w, [B]
   */
  constructor(
    private readonly path: SteadyPath,
    tape: Tape,
    private readonly means: readonly Tensor[],
    readonly share: Float64Array,
  ) {
    this.answer = path.answer(tape, means);
  }

  /**
   * Computes w steady + (1 - w) experts.
   * @param experts [B, outputs]
   * @returns [B, outputs]
   */
  blend(tape: Tape, experts: Tensor): Tensor {
    return blended(tape, this.share, experts, this.answer);
  }

  /**
   * Appends the mean features to the blocks of the experts. Together they determine the prediction.
   * @param blocks M of [B, H]
   * @returns M of [B, H + D]
   */
  joinTo(tape: Tape, blocks: readonly Tensor[]): Tensor[] {
    return blocks.map((block, m) => concat(tape, [block, this.means[m] ?? block], 1));
  }

  /**
   * Returns a function that predicts from the blocks of {@link joinTo}. The weights w do not change.
   * @param experts maps M blocks [rows, H] to the experts' prediction
   * @returns maps M of [rows, H + D] to predictions; the rows are the batch, repeated
   */
  around(
    experts: (tape: Tape, blocks: readonly Tensor[]) => Tensor,
  ): (tape: Tape, parts: readonly Tensor[]) => Tensor {
    return (tape, parts) => {
      const widthOf = (part: Tensor, m: number): number => part.extent(1) - (this.means[m]?.extent(1) ?? 0);
      const blocks = parts.map((part, m) => slice(tape, part, 1, 0, widthOf(part, m)));
      const means = parts.map((part, m) => slice(tape, part, 1, widthOf(part, m), part.extent(1)));
      const answer = experts(tape, blocks);
      const shares = Float64Array.from({ length: answer.extent(0) }, (_, row) =>
        defined(this.share[row % this.share.length]),
      );
      return blended(tape, shares, answer, this.path.answer(tape, means));
    };
  }
}

function blended(tape: Tape, share: ArrayLike<number>, experts: Tensor, steady: Tensor): Tensor {
  const weights = tape.constant(Array.from(share), [share.length, 1]);
  return add(tape, experts, mul(tape, weights, sub(tape, steady, experts)));
}
