import { defined } from "../core/defined.js";
import { outputNames, outputsOf, type Task } from "../data/dataset.js";
import { hasSign } from "../data/label-scale.js";
import { quantileOf } from "../metrics/summary-statistics.js";

export interface LabelGroups {
  readonly names: readonly string[];
  /** Group index of each sample, [N]. */
  readonly groups: readonly number[];
}

/**
 * Groups samples for colouring: by class; by the presence of the first of several labels; by the sign of the
 * label. Labels without a sign and multiple targets are split at the median of the first target.
 */
export function labelGroups(task: Task, labels: ArrayLike<number>): LabelGroups {
  if (task.kind === "classification") return { names: task.classes, groups: Array.from(labels) };
  const [name = ""] = outputNames(task);
  const width = outputsOf(task);
  const first = Array.from({ length: labels.length / width }, (_, n) => defined(labels[n * width]));
  if (task.kind === "multi-label") return { names: [`without ${name}`, `with ${name}`], groups: first };
  if (hasSign(task))
    return { names: ["negative", "neutral", "positive"], groups: first.map((label) => 1 + Math.sign(label)) };
  const middle = quantileOf(Float64Array.from(first).sort(), 0.5);
  return {
    names: ["up to the median", "above the median"],
    groups: first.map((label) => (label > middle ? 1 : 0)),
  };
}
