import { defined } from "../core/defined.js";
import { scale, shift } from "../tensor/ops/elementwise.js";
import { matmul } from "../tensor/ops/matmul.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";
import type { ParameterSet } from "./parameter-set.js";
import { ridgeProblem, solveRidge } from "./ridge-regression.js";

/** Penalty of the weights, as a fraction of the mean variance of the features. */
export const SEVERITY_PENALTY = 0.1;

/** Difference of the scores of the severities 1 and 0. */
export const SEVERITY_SCALE = 8;

/** Largest number of samples times squared features: some seconds of work. */
const LARGEST_PROBLEM = 3e10;

/**
 * Scores the corruption of an input by a ridge regression from its features x to the severity y of copies:
 * 8 (x w + b - 0.5), with w and b that minimise the mean of (y - x w - b)^2 plus a penalty. The penalty is a
 * tenth of the mean variance of the features times |w|^2. Gradients do not change it. The score is 0 until
 * {@link fit} is called.
 *
 * Constants: `<name>/fitted/weight` [D, 1], w, and `<name>/fitted/bias` [1], b - 0.5.
 */
export class SeverityRegression {
  private readonly weight: Parameter;
  private readonly bias: Parameter;

  constructor(parameters: ParameterSet, name: string, width: number) {
    const zeros = { init: { kind: "constant", value: 0 }, decays: false } as const;
    this.weight = parameters.create(`${name}/fitted/weight`, [width, 1], zeros);
    this.bias = parameters.create(`${name}/fitted/bias`, [1], zeros);
  }

  /** True if the fit takes seconds: up to 3e10 samples times squared features. */
  canFit(samples: number): boolean {
    return samples > 0 && samples * this.weight.size ** 2 <= LARGEST_PROBLEM;
  }

  /**
   * Fits the regression in closed form.
   * @param x features of clean and corrupted inputs, [N, D], N > 0
   * @param severities in [0, 1], [N]
   */
  fit(x: Float32Array, severities: Float32Array): void {
    const width = this.weight.size;
    const problem = ridgeProblem(x, severities, severities.length);
    let variance = 0;
    for (let d = 0; d < width; d++) variance += defined(problem.covariance.values[d * width + d]) / width;
    const { weights, bias } = solveRidge(problem, SEVERITY_PENALTY * variance);
    this.weight.buffer.view.set(defined(weights[0]));
    this.bias.buffer.view[0] = defined(bias[0]) - 0.5;
  }

  /**
   * @param x [B, D]
   * @returns scores, [B, 1]
   */
  forward(tape: Tape, x: Tensor): Tensor {
    const weight = tape.constant(this.weight.buffer.view, this.weight.shape);
    const severity = shift(tape, matmul(tape, x, weight), defined(this.bias.buffer.view[0]));
    return scale(tape, severity, SEVERITY_SCALE);
  }
}
