import { concat } from "../tensor/ops/shape-ops.js";
import { scale, shift } from "../tensor/ops/elementwise.js";
import { clamp, relu, square, tanh } from "../tensor/ops/unary.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { forEveryExpert } from "./expert-shifts.js";
import { Linear } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";
import { dropoutIn, type SampleDraws } from "./sample-draws.js";

/** Largest absolute value of a square that the head reads. */
export const LARGEST_SQUARE = 10;

/** Largest absolute value of the addition to a log-variance: within the default limits of log-variances. */
export const LARGEST_ADDITION = 4;

export interface VarianceHeadOptions {
  /** Hidden units, W. */
  readonly hidden: number;
  /** Number of experts, N. */
  readonly experts: number;
  /** Dropout on the hidden units. */
  readonly dropout: number;
}

/**
 * Maps the features x of one modality to an addition to the log-variances of all experts: one hidden layer
 * on [x, x^2 - 1], with the squares limited to {@link LARGEST_SQUARE}, gives a score s, and the addition is
 * a tanh(s / 2a) with a = {@link LARGEST_ADDITION}. Clamped log-variances would lose the order of the
 * scores. Corruption that does not move the mean of a feature changes its square, which a linear map of x,
 * and an expert on it, cannot see.
 *
 * Parameters: `<name>/hidden/...` [2D, W] and `<name>/out/...` [W, 1].
 */
export class VarianceHead {
  private readonly hidden: Linear;
  private readonly out: Linear;

  constructor(
    parameters: ParameterSet,
    private readonly name: string,
    width: number,
    private readonly options: VarianceHeadOptions,
  ) {
    this.hidden = new Linear(parameters, `${name}/hidden`, 2 * width, options.hidden);
    this.out = new Linear(parameters, `${name}/out`, options.hidden, 1);
  }

  /**
   * Computes the score, and the addition, the same for every expert. No gradient flows into the features.
   *
   * @param x [B, D]
   * @returns [B, 1] and [B, N]
   */
  forward(tape: Tape, x: Tensor, draws: SampleDraws): { score: Tensor; logVarShift: Tensor } {
    const { experts, dropout } = this.options;
    const features = tape.detached(x);
    const squares = clamp(tape, shift(tape, square(tape, features), -1), -LARGEST_SQUARE, LARGEST_SQUARE);
    const hidden = relu(tape, this.hidden.forward(tape, concat(tape, [features, squares], 1))); // [B, W]
    const score = this.out.forward(tape, dropoutIn(tape, hidden, dropout, this.name, draws)); // [B, 1]
    const bounded = tanh(tape, scale(tape, score, 1 / (2 * LARGEST_ADDITION))); // [B, 1]
    const addition = scale(tape, bounded, LARGEST_ADDITION); // [B, 1]
    return { score, logVarShift: forEveryExpert(tape, addition, experts) };
  }
}
