import { defined } from "../../../core/defined.js";
import { outputsOf, type Task } from "../../../data/dataset.js";
import type { ParameterSet } from "../../../nn/parameter-set.js";
import { mul } from "../../../tensor/ops/elementwise.js";
import { softmax } from "../../../tensor/ops/softmax.js";
import { sigmoid } from "../../../tensor/ops/unary.js";
import type { Tape } from "../../../tensor/tape.js";
import type { Parameter, Tensor } from "../../../tensor/tensor.js";

/**
 * Labels and predictions of any task as numbers with the standard deviation 1, so that a variance does not
 * depend on the task or on the unit of its labels. A class is 1 for its own output and 0 for the others. Its
 * prediction is a probability.
 *
 * Parameters: the constant `labels/scale` [outputs], the standard deviations of the training labels, 1 before
 * the fit.
 */
export class LabelScale {
  private readonly scale: Parameter;

  constructor(
    parameters: ParameterSet,
    private readonly task: Task,
  ) {
    this.scale = parameters.create("labels/scale", [outputsOf(task)], {
      init: { kind: "constant", value: 1 },
      decays: false,
    });
  }

  /**
   * Takes the standard deviations of the training labels. An output without spread keeps the scale 1.
   * @param labels [N, outputs], or class indices [N]
   */
  fit(labels: ArrayLike<number>): void {
    const { view } = this.scale.buffer;
    const values = this.numbers(labels);
    const outputs = this.scale.size;
    const count = values.length / outputs;
    for (let o = 0; o < outputs; o++) {
      const column = Array.from({ length: count }, (_, i) => defined(values[i * outputs + o]));
      const center = column.reduce((sum, value) => sum + value, 0) / count;
      const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - center) ** 2, 0) / count);
      if (deviation > 0) view[o] = deviation;
    }
  }

  /**
   * Divides predictions and labels by the scale.
   * @param values regression values or logits, [R, outputs]
   * @param labels [R, outputs], or class indices [R]
   * @returns means [R, outputs] and labels [R, outputs]
   */
  divide(
    tape: Tape,
    values: Tensor,
    labels: ArrayLike<number>,
  ): { readonly means: Tensor; readonly labels: readonly number[] } {
    const { kind } = this.task;
    const { view } = this.scale.buffer;
    const factors = Array.from({ length: this.scale.size }, (_, o) => 1 / defined(view[o]));
    const expected =
      kind === "regression"
        ? values
        : kind === "classification"
          ? softmax(tape, values)
          : sigmoid(tape, values);
    return {
      means: mul(tape, expected, tape.constant(factors, [1, factors.length])), // [R, outputs]
      labels: this.numbers(labels).map((label, i) => label * defined(factors[i % factors.length])),
    };
  }

  /** Returns the labels as numbers, [R, outputs]. */
  private numbers(labels: ArrayLike<number>): number[] {
    if (this.task.kind !== "classification") return Array.from(labels);
    const outputs = this.scale.size;
    return Array.from(labels).flatMap((label) =>
      Array.from({ length: outputs }, (_, o) => (o === label ? 1 : 0)),
    );
  }
}
