import { defined } from "../core/defined.js";
import { mean, meanOfKnown } from "../core/averages.js";
import { checkPairs } from "./check-pairs.js";
import { MetricCollector, type MetricReport } from "./metric-report.js";
import { meanAbsoluteError, pearson } from "./regression.js";

/**
 * Computes metrics of several regression targets.
 *
 * `MAE/<target>` and `Corr/<target>` are the values of each target. `MAE` and `Corr` are their unweighted
 * means; `Corr` uses only targets with a defined correlation.
 * @param prediction [N, targets] row-major
 * @param truth [N, targets]
 * @throws DataError if empty or not finite
 */
export function multiTargetMetrics(
  prediction: ArrayLike<number>,
  truth: ArrayLike<number>,
  targets: readonly string[],
): MetricReport {
  checkPairs("regression metrics", prediction, truth);
  const errors: number[] = [];
  const correlations: (number | null)[] = [];
  for (let t = 0; t < targets.length; t++) {
    const p = column(prediction, t, targets.length);
    const y = column(truth, t, targets.length);
    errors.push(meanAbsoluteError(p, y));
    correlations.push(pearson(p, y));
  }
  const out = new MetricCollector();
  out.add("MAE", mean(errors), "no targets");
  out.add("Corr", meanOfKnown(correlations), "no target has both varying predictions and varying labels");
  targets.forEach((name, t) => {
    out.add(`MAE/${name}`, errors[t] ?? null, "no targets");
    out.add(
      `Corr/${name}`,
      correlations[t] ?? null,
      "its predictions or labels are all equal, or there is only one sample",
    );
  });
  return out.report();
}

function column(values: ArrayLike<number>, index: number, width: number): number[] {
  return Array.from({ length: values.length / width }, (_, i) => defined(values[i * width + index]));
}
