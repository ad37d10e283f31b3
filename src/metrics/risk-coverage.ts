import { checkPairs } from "./check-pairs.js";
import { forEachTie, sortedOrder } from "./rank.js";

export interface RiskCoverage {
  /** Mean risk of all samples. */
  readonly all: number;
  /** Mean risk of the ceil(N / 2) most certain samples. */
  readonly certainHalf: number;
  /** Mean over n = 1..N of the mean risk of the n most certain samples: the area under the risk-coverage line; lower is better. */
  readonly area: number;
}

/**
 * How the mean risk falls when only the most certain samples are answered. Samples of equal uncertainty share the mean of their risks, so the
 * result does not depend on their order.
 * @param risk [N], e.g. absolute errors @param uncertainty [N], larger = less certain
 * @throws DataError if empty or not finite
 */
export function riskCoverage(risk: ArrayLike<number>, uncertainty: ArrayLike<number>): RiskCoverage {
  checkPairs("risk-coverage", risk, uncertainty);
  const order = sortedOrder(uncertainty);
  const half = Math.ceil(order.length / 2);
  let sum = 0;
  let certainHalf = 0;
  let area = 0;
  forEachTie(uncertainty, order, (start, end) => {
    let tied = 0;
    for (let i = start; i < end; i++) tied += risk[order[i] ?? 0] ?? 0;
    for (let i = start; i < end; i++) {
      sum += tied / (end - start);
      area += sum / (i + 1);
      if (i + 1 === half) certainHalf = sum / half;
    }
  });
  return { all: sum / order.length, certainHalf, area: area / order.length };
}
