/** Returns true for a metric of which smaller values are better: MAE, and MAE of one target (`MAE/name`). */
export function isError(metric: string): boolean {
  return metric === "MAE" || metric.startsWith("MAE/");
}
