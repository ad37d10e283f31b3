/**
 * Returns the better direction of a metric, or undefined for an unknown metric. Names may include a target,
 * e.g. "MAE/persuasion".
 */
export function metricDirection(name: string): "higher" | "lower" | undefined {
  const base = name.split("/")[0] ?? name;
  if (/^((Authors|SIMS)_)?MAE$/.test(base)) return "lower";
  if (/^((Authors|SIMS)_)?Corr$/.test(base)) return "higher";
  if (/^(Has0|Non0|Authors|SIMS|Threshold)_F1_score$/.test(base)) return "higher";
  if (/^(Has0|Non0|Mult|Authors|SIMS)_acc_[2357]$/.test(base)) return "higher";
  if (/^(Threshold_acc_2|Bins_acc_\d+)$/.test(base)) return "higher";
  if (/^(Accuracy|Weighted_F1|Macro_F1|F1|Weighted_acc|Exact_match)$/.test(base)) return "higher";
  return undefined;
}
