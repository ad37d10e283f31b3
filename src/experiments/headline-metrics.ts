import type { RegressionTask, Task } from "../data/dataset.js";
import { hasSign } from "../data/label-scale.js";

/** The metric that decides, and those that tables show. */
export interface HeadlineMetrics {
  readonly main: string;
  readonly all: readonly string[];
}

/** Of the paper's tables for sentiment and classes; errors and correlations for labels of another kind. */
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

/** Accuracies of a threshold and bins that somebody stated. */
function statedAccuracies({ threshold, bins }: RegressionTask): string[] {
  return [
    ...(threshold === undefined ? [] : ["Threshold_acc_2"]),
    ...(bins ? [`Bins_acc_${bins.length + 1}`] : []),
  ];
}
