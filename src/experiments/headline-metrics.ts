import type { RegressionTask, Task } from "../data/dataset.js";
import { hasSign } from "../data/label-scale.js";

/** Metric for model selection, and the metrics that tables show. */
export interface HeadlineMetrics {
  readonly main: string;
  readonly all: readonly string[];
}

/**
 * Returns the metrics of the paper's tables for sentiment and classes. Other labels get errors and
 * correlations.
 */
export function headlineMetrics(task: Task): HeadlineMetrics {
  if (task.kind === "classification")
    return { main: "Accuracy", all: ["Accuracy", "Weighted_F1", "Macro_F1"] };
  if (task.kind === "multi-label") {
    return { main: "Weighted_acc", all: ["Weighted_acc", "F1", "Weighted_F1", "Accuracy", "Exact_match"] };
  }
  if (!hasSign(task)) return { main: "MAE", all: ["MAE", "Corr", ...statedAccuracies(task)] };
  const rounded = task.range?.[0] === -3 && task.range[1] === 3 ? ["Mult_acc_7"] : [];
  const all = ["Non0_acc_2", "Non0_F1_score", ...rounded, "MAE", "Corr", ...statedAccuracies(task)];
  return { main: "Non0_acc_2", all };
}

/** Returns the names of the accuracies for a stated threshold and bins. */
function statedAccuracies({ threshold, bins }: RegressionTask): string[] {
  return [
    ...(threshold === undefined ? [] : ["Threshold_acc_2"]),
    ...(bins ? [`Bins_acc_${bins.length + 1}`] : []),
  ];
}
