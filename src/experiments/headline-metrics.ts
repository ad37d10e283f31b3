import type { Task } from "../data/dataset.js";

/** The metric that decides, and those that tables show. */
export interface HeadlineMetrics {
  readonly main: string;
  readonly all: readonly string[];
}

/** Of the paper's tables for sentiment and classes; errors and correlations for labels of another kind. */
export function headlineMetrics(task: Task): HeadlineMetrics {
  if (task.kind === "classification")
    return { main: "Accuracy", all: ["Accuracy", "Weighted_F1", "Macro_F1"] };
  const [low] = task.range ?? [-3];
  if (task.targets.length > 1 || low >= 0) return { main: "MAE", all: ["MAE", "Corr"] };
  return { main: "Non0_acc_2", all: ["Non0_acc_2", "Non0_F1_score", "Mult_acc_7", "MAE", "Corr"] };
}
