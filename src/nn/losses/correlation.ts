import { defined } from "../../core/defined.js";
import { ShapeError } from "../../core/errors.js";
import type { Tape } from "../../tensor/tape.js";
import { formatShape, type Tensor } from "../../tensor/tensor.js";
import {
  at,
  inverseCholesky,
  type Matrix,
  matrixOf,
  product,
  singularValues,
  transposed,
} from "../small-matrices.js";

/**
 * Loss of deep canonical correlation analysis (Andrew et al., ICML 2013, Eqs. 10-13): 1 minus the mean of the
 * K canonical correlations.
 *
 * S are covariances over the rows (divisor R - 1), with `ridge` added to the diagonals of S11 and S22. With T
 * = S11^(-1/2) S12 S22^(-1/2), the loss is 1 - ||T||_tr / K. Cholesky factors replace the symmetric roots,
 * because the singular values of T are the same. With T = U D V^T and W the inverses of the factors, the
 * gradients are W1^T U V^T W2 for S12 and -W1^T U D U^T W1 / 2 for S11. Computed in float64.
 * @param a [B, K]
 * @param b [B, K]
 * @param rows counted samples
 * @param ridge above 0
 * @returns a scalar in [0, 1]; 1 for fewer than two rows; NaN for values that are not finite
 */
export function correlationLoss(
  tape: Tape,
  a: Tensor,
  b: Tensor,
  rows: readonly number[],
  ridge: number,
): Tensor {
  const width = a.extent(-1);
  if (a.shape.length !== 2 || formatShape(a.shape) !== formatShape(b.shape))
    throw new ShapeError(
      `correlationLoss: expected two views of the same shape [B, K], ` +
        `got ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    );
  const out = tape.output([], [a, b]); // []
  out.buffer.view[0] = 1;
  if (rows.length < 2) return out;
  const [one, other] = [centred(a, rows), centred(b, rows)]; // [R, K]
  if (![one, other].every(({ values }) => values.every((value) => Number.isFinite(value)))) {
    out.buffer.view[0] = NaN; // the training loop treats NaN as divergence
    return out;
  }
  const w1 = inverseCholesky(covariance(one, one, ridge));
  const w2 = inverseCholesky(covariance(other, other, ridge));
  const { u, values, v } = singularValues(product(product(w1, covariance(one, other, 0)), transposed(w2)));
  out.buffer.view[0] = 1 - values.reduce((sum, value) => sum + value, 0) / width;
  tape.record(out, (dout) => {
    const factor = -defined(dout.view[0]) / width / (rows.length - 1);
    const [left, right] = [product(transposed(w1), u), product(transposed(w2), v)]; // W1^T U, W2^T V
    const cross = product(left, transposed(right)); // [K, K]
    if (a.requiresGradient)
      addRows(tape, a, rows, factor, product(other, transposed(cross)), product(one, ownSlope(left, values)));
    if (b.requiresGradient)
      addRows(tape, b, rows, factor, product(one, cross), product(other, ownSlope(right, values)));
  });
  return out;
}

/** Computes twice the gradient for the covariance of one view: -X diag(D) X^T. */
function ownSlope(x: Matrix, values: Float64Array): Matrix {
  const scaled = matrixOf(x.rows, x.columns, (row, column) => -at(x, row, column) * defined(values[column]));
  return product(scaled, transposed(x));
}

/** Computes d(into)[rows] += factor (p + q). */
function addRows(
  tape: Tape,
  into: Tensor,
  rows: readonly number[],
  factor: number,
  p: Matrix,
  q: Matrix,
): void {
  const gradient = tape.gradientOf(into).view;
  const width = p.columns;
  rows.forEach((row, r) => {
    for (let k = 0; k < width; k++)
      gradient[row * width + k] = defined(gradient[row * width + k]) + factor * (at(p, r, k) + at(q, r, k));
  });
}

/** Subtracts the mean of the rows. [R, K] */
function centred(x: Tensor, rows: readonly number[]): Matrix {
  const width = x.extent(1);
  const view = x.buffer.view;
  const value = (r: number, k: number): number => defined(view[defined(rows[r]) * width + k]);
  const means = Float64Array.from(
    { length: width },
    (_, k) => rows.reduce((sum, _row, r) => sum + value(r, k), 0) / rows.length,
  );
  return matrixOf(rows.length, width, (r, k) => value(r, k) - defined(means[k]));
}

/** Fraction of the trace that is added to the ridge. It keeps pivots above 0 despite rounding errors. */
const ROUNDING = 1e-11;

/** Computes x^T y / (R - 1), with the ridge on the diagonal unless it is 0. [K, K] */
function covariance(x: Matrix, y: Matrix, ridge: number): Matrix {
  const sums = product(transposed(x), y);
  let trace = 0;
  for (let i = 0; i < x.columns; i++) trace += at(sums, i, i) / (x.rows - 1);
  const raised = ridge === 0 ? 0 : ridge + ROUNDING * trace;
  return matrixOf(x.columns, y.columns, (i, j) => at(sums, i, j) / (x.rows - 1) + (i === j ? raised : 0));
}
