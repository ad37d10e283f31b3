import { concat } from "../tensor/ops/shape-ops.js";
import { add, scale, shift } from "../tensor/ops/elementwise.js";
import { clamp, relu, square, tanh } from "../tensor/ops/unary.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { forEveryExpert } from "./expert-shifts.js";
import { Linear } from "./linear.js";
import type { ParameterSet } from "./parameter-set.js";
import { SeverityRegression } from "./severity-regression.js";
import { dropoutIn, type SampleDraws } from "./sample-draws.js";

/** Largest absolute value of a square before it is scaled. */
export const LARGEST_SQUARE = 10;

/** Factor of the squares. The squares of features that say nothing about corruption are mostly noise. */
export const SQUARE_SCALE = 0.3;

/**
 * Dropout on what the head reads. There are many features and few copies: without it, the head learns
 * samples by heart.
 */
export const INPUT_DROPOUT = 0.5;

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
 * on [x, c (x^2 - 1)], added to the score of a {@link SeverityRegression}, gives a score s. The addition is
 * a tanh(s / 2a) with a = {@link LARGEST_ADDITION}. Squares are limited to {@link LARGEST_SQUARE}, and c is
 * {@link SQUARE_SCALE}. Clamped log-variances would lose the order of the
 * scores. Corruption that does not move the mean of a feature changes its square, which a linear map of x,
 * and an expert on it, cannot see.
 *
 * The regression alone ranks severities nearly as well as the layer does, at any rate and number of epochs.
 * It misses what does not move the mean of a feature.
 *
 * Parameters: `<name>/hidden/...` [2D, W], `<name>/out/...` [W, 1], and those of `<name>/severity`.
 */
export class VarianceHead {
  private readonly hidden: Linear;
  private readonly out: Linear;
  private readonly severity: SeverityRegression;

  constructor(
    parameters: ParameterSet,
    private readonly name: string,
    width: number,
    private readonly options: VarianceHeadOptions,
  ) {
    this.hidden = new Linear(parameters, `${name}/hidden`, 2 * width, options.hidden);
    this.out = new Linear(parameters, `${name}/out`, options.hidden, 1);
    this.severity = new SeverityRegression(parameters, `${name}/severity`, width);
  }

  /** See {@link SeverityRegression.canFit}. */
  canFit(samples: number): boolean {
    return this.severity.canFit(samples);
  }

  /**
   * Fits the start of the score, before training.
   * @param x features of clean and corrupted inputs, [N, D], N > 0
   * @param severities in [0, 1], [N]
   */
  fit(x: Float32Array, severities: Float32Array): void {
    this.severity.fit(x, severities);
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
    const read = concat(tape, [features, scale(tape, squares, SQUARE_SCALE)], 1); // [B, 2D]
    const kept = dropoutIn(tape, read, INPUT_DROPOUT, `${this.name}/input`, draws);
    const hidden = relu(tape, this.hidden.forward(tape, kept)); // [B, W]
    const learned = this.out.forward(tape, dropoutIn(tape, hidden, dropout, this.name, draws)); // [B, 1]
    const score = add(tape, learned, this.severity.forward(tape, features)); // [B, 1]
    const bounded = tanh(tape, scale(tape, score, 1 / (2 * LARGEST_ADDITION))); // [B, 1]
    const addition = scale(tape, bounded, LARGEST_ADDITION); // [B, 1]
    return { score, logVarShift: forEveryExpert(tape, addition, experts) };
  }
}
