import { defined } from "../../../core/defined.js";
import { outputsOf, type Task } from "../../../data/dataset.js";
import type { ParameterSet } from "../../../nn/parameter-set.js";
import { add } from "../../../tensor/ops/elementwise.js";
import { gatherRows } from "../../../tensor/ops/shape-ops.js";
import type { Tape } from "../../../tensor/tape.js";
import type { Parameter, Tensor } from "../../../tensor/tensor.js";
import { LABEL_CLASSES, labelClass, SENTIMENT_RANGE } from "./label-classes.js";

/**
 * Learned mean of each class. Regression labels are rounded to seven classes; several targets add one mean
 * each. Labels that occur together are targets from 0 to 1 that use only the lowest and the highest class.
 *
 * Parameters: `flow/means` [classes, H]; for a regression the constant `flow/range` [targets, 2], the ends of
 * each target's scale. The ends are those that the task states, otherwise those of the training labels.
 */
export class ClassMeans {
  private readonly means: Parameter;
  private readonly range: Parameter | undefined;
  private readonly stated: readonly [number, number] | undefined;

  constructor(parameters: ParameterSet, task: Task, hidden: number) {
    const targets = task.kind === "classification" ? 0 : outputsOf(task);
    const count = task.kind === "classification" ? task.classes.length : targets * LABEL_CLASSES;
    this.means = parameters.create("flow/means", [count, hidden], {
      init: { kind: "normal", std: 1 },
      decays: false,
    });
    if (task.kind === "classification") return;
    this.stated = task.kind === "multi-label" ? [0, 1] : task.range;
    this.range = parameters.create("flow/range", [targets, 2], {
      init: { kind: "constant", value: 0 },
      decays: false,
    });
    const [low, high] = this.stated ?? SENTIMENT_RANGE;
    for (let t = 0; t < targets; t++) this.range.buffer.view.set([low, high], 2 * t);
  }

  /**
   * Takes the ends of the scale from the training labels if the task does not state them.
   * @param labels [N, targets]
   */
  fit(labels: ArrayLike<number>): void {
    if (!this.range || this.stated) return;
    const { view } = this.range.buffer;
    const targets = this.range.size / 2;
    for (let t = 0; t < targets; t++) {
      let [low, high] = [Infinity, -Infinity];
      for (let i = t; i < labels.length; i += targets) {
        const label = defined(labels[i]);
        if (label < low) low = label;
        if (label > high) high = label;
      }
      if (low <= high) view.set([low, high], 2 * t);
    }
  }

  /**
   * Returns the mean of the class of each row, [R, H].
   * @param rows [R], rows of the batch
   * @param labels class indices [B], or labels [B, targets]
   */
  of(tape: Tape, rows: readonly number[], labels: ArrayLike<number>): Tensor {
    const means = tape.parameter(this.means);
    const { range } = this;
    if (!range)
      return gatherRows(
        tape,
        means,
        rows.map((b) => defined(labels[b])),
      );
    const targets = range.size / 2;
    const { view } = range.buffer;
    return Array.from({ length: targets }, (_, t) =>
      gatherRows(
        tape,
        means,
        rows.map((b) => {
          const ends = [defined(view[2 * t]), defined(view[2 * t + 1])] as const;
          return t * LABEL_CLASSES + labelClass(defined(labels[b * targets + t]), ends);
        }),
      ),
    ).reduce((sum, one) => add(tape, sum, one));
  }
}
