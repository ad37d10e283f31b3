import { defined } from "../core/defined.js";
import { mean } from "../core/averages.js";
import { checkPairs } from "./check-pairs.js";
import { forEachTie, sortedOrder } from "./rank.js";

/** Summary of a risk-coverage curve. */
export interface RiskCoverage {
  /** Mean risk of all samples. */
  readonly all: number;
  /** Mean risk of the ceil(N / 2) most certain samples. */
  readonly certainHalf: number;
  /**
   * Area under the risk-coverage curve: mean over n = 1..N of the mean risk of the n most certain samples.
   * Lower is better.
   */
  readonly area: number;
}

/** Point of a risk-coverage curve. */
export interface RiskCoveragePoint {
  /** Fraction of samples kept, in (0, 1]. */
  readonly coverage: number;
  /** Mean risk of the kept samples. */
  readonly risk: number;
}

/**
 * Summarises the mean risk when only the most certain samples are kept.
 *
 * Samples with equal uncertainty share their mean risk, so the result does not depend on their order.
 * @param risk [N], e.g. absolute errors
 * @param uncertainty [N], larger = less certain
 * @throws DataError if empty or not finite
 */
export function riskCoverage(risk: ArrayLike<number>, uncertainty: ArrayLike<number>): RiskCoverage {
  const risks = riskCoverageLine(risk, uncertainty);
  const half = Math.ceil(risks.length / 2);
  return {
    all: risks.at(-1) ?? NaN,
    certainHalf: defined(risks[half - 1]),
    area: mean(risks),
  };
}

/**
 * Returns the risk-coverage curve at `count` evenly spaced coverages. The last coverage is 1.
 *
 * @throws DataError as {@link riskCoverage}
 */
export function riskCoveragePoints(
  risk: ArrayLike<number>,
  uncertainty: ArrayLike<number>,
  count = 20,
): RiskCoveragePoint[] {
  const risks = riskCoverageLine(risk, uncertainty);
  const steps = Math.min(count, risks.length);
  return Array.from({ length: steps }, (_, i) => {
    const kept = Math.round(((i + 1) * risks.length) / steps);
    return { coverage: kept / risks.length, risk: defined(risks[kept - 1]) };
  });
}

/** Returns the mean risk of the n + 1 most certain samples, for n = 0..N-1. [N] */
function riskCoverageLine(risk: ArrayLike<number>, uncertainty: ArrayLike<number>): Float64Array {
  checkPairs("risk-coverage", risk, uncertainty);
  const order = sortedOrder(uncertainty);
  const risks = new Float64Array(order.length);
  let sum = 0;
  forEachTie(uncertainty, order, (start, end) => {
    let tied = 0;
    for (let i = start; i < end; i++) tied += defined(risk[defined(order[i])]);
    for (let i = start; i < end; i++) {
      sum += tied / (end - start);
      risks[i] = sum / (i + 1);
    }
  });
  return risks;
}
