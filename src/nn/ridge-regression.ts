import { defined } from "../core/defined.js";
import { choleskyFactor, type Matrix, solveCholesky } from "./small-matrices.js";

/** Number of samples whose products are added in one pass. */
const ROWS = 4;

/** Sufficient statistics of ridge regression, for any penalty. Sums are in float64, in a fixed order. */
export interface RidgeProblem {
  /** [D] */
  readonly inputMeans: Float64Array;
  /** [T] */
  readonly targetMeans: Float64Array;
  /** Covariance of the inputs (divided by N), [D, D]. Only the lower triangle is set; the rest is 0. */
  readonly covariance: Matrix;
  /** Covariance of the inputs with each target, [D] per target. */
  readonly withTargets: readonly Float64Array[];
  /** [T] */
  readonly targetVariances: Float64Array;
}

/** y = x W + b. */
export interface RidgeSolution {
  /** Weights, [D] per target. */
  readonly weights: readonly Float64Array[];
  /** [T] */
  readonly bias: Float64Array;
  /** Mean squared error over the fitted samples and targets. */
  readonly error: number;
}

/**
 * Least penalty, as a fraction of the inputs' mean variance. Below it the covariance may be numerically
 * singular.
 */
const LEAST_PENALTY = 1e-12;

/**
 * Computes the normal equations of centred inputs and targets.
 *
 * @param x [N, D], N > 0
 * @param y [N, T]
 */
export function ridgeProblem(x: Float32Array, y: Float32Array, samples: number): RidgeProblem {
  const [width, targets] = [x.length / samples, y.length / samples];
  const [inputMeans, targetMeans] = [columnMeans(x, samples), columnMeans(y, samples)];
  const values = new Float64Array(width * width);
  const withTargets = Array.from({ length: targets }, () => new Float64Array(width));
  const targetVariances = new Float64Array(targets);
  let rows: Float64Array[] = [];
  for (let n = 0; n < samples; n++) {
    const row = inputMeans.map((mean, d) => defined(x[n * width + d]) - mean);
    rows.push(row);
    if (rows.length === ROWS || n === samples - 1) {
      addOuter(values, rows, samples);
      rows = [];
    }
    withTargets.forEach((sums, t) => {
      const off = defined(y[n * targets + t]) - defined(targetMeans[t]);
      targetVariances[t] = defined(targetVariances[t]) + (off * off) / samples;
      for (let d = 0; d < width; d++) sums[d] = defined(sums[d]) + (defined(row[d]) * off) / samples;
    });
  }
  return {
    inputMeans,
    targetMeans,
    covariance: { rows: width, columns: width, values },
    withTargets,
    targetVariances,
  };
}

function columnMeans(table: Float32Array, rows: number): Float64Array {
  const width = table.length / rows;
  const means = new Float64Array(width);
  for (let i = 0; i < table.length; i++)
    means[i % width] = defined(means[i % width]) + defined(table[i]) / rows;
  return means;
}

/**
 * Adds row^T row / samples of up to {@link ROWS} rows to the lower triangle, row by row. Several rows at once
 * need fewer passes over the triangle, which is larger than a cache.
 */
function addOuter(into: Float64Array, rows: readonly Float64Array[], samples: number): void {
  const width = rows[0]?.length ?? 0;
  const none = new Float64Array(width);
  const [r0 = none, r1 = none, r2 = none, r3 = none] = rows;
  for (let a = 0; a < width; a++) {
    const [v0, v1] = [defined(r0[a]) / samples, defined(r1[a]) / samples];
    const [v2, v3] = [defined(r2[a]) / samples, defined(r3[a]) / samples];
    const to = a * width;
    for (let b = 0; b <= a; b++)
      into[to + b] =
        defined(into[to + b]) +
        v0 * defined(r0[b]) +
        v1 * defined(r1[b]) +
        v2 * defined(r2[b]) +
        v3 * defined(r3[b]);
  }
}

/**
 * Ridge regression (Hoerl & Kennard 1970) in closed form.
 *
 * For each target, W and b minimise mean_n (y - x W - b)^2 + sum_d penalty_d W_d^2. The bias has no penalty.
 * @param penalty above 0, one for all inputs or one for each [D]; at least 1e-12 of the inputs' mean variance
 * is used
 */
export function solveRidge(problem: RidgeProblem, penalty: number | ArrayLike<number>): RidgeSolution {
  const { covariance, inputMeans, targetMeans, withTargets, targetVariances } = problem;
  const width = covariance.rows;
  const values = Float64Array.from(covariance.values);
  const diagonal = Array.from({ length: width }, (_, d) => defined(values[d * width + d]));
  const least = Math.max(
    LEAST_PENALTY * (diagonal.reduce((sum, variance) => sum + variance, 0) / width),
    Number.MIN_VALUE,
  );
  const raised = diagonal.map((_, d) =>
    Math.max(typeof penalty === "number" ? penalty : defined(penalty[d]), least),
  );
  diagonal.forEach((variance, d) => {
    values[d * width + d] = variance + defined(raised[d]);
  });
  const factor = choleskyFactor({ ...covariance, values });
  const weights = withTargets.map((shared) => solveCholesky(factor, shared));
  const bias = targetMeans.map((mean, t) => mean - inner(inputMeans, weights[t]));
  // with C w = c - penalty w:  w C w - 2 w c = -w c - penalty |w|^2
  const penalised = (w: Float64Array): number =>
    typeof penalty === "number"
      ? Math.max(penalty, least) * inner(w, w)
      : w.reduce((sum, value, d) => sum + defined(raised[d]) * value * value, 0);
  const errors = weights.map((w, t) => defined(targetVariances[t]) - inner(w, withTargets[t]) - penalised(w));
  return { weights, bias, error: errors.reduce((sum, error) => sum + error, 0) / errors.length };
}

function inner(a: Float64Array, b: Float64Array | undefined): number {
  return a.reduce((sum, value, d) => sum + value * (b?.[d] ?? NaN), 0);
}
