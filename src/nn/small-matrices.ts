import { defined } from "../core/defined.js";
import { EuarError } from "../core/errors.js";
import { sqrt } from "../core/math.js";

/*
 * Dense matrices of a few dozen rows, in float64. Cholesky factors and solutions may have some thousand rows.
 *
 * Sums have a fixed order, and the only function is the square root. Every platform gives the same bits.
 */

/** Matrix, row-major. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export function matrixOf(
  rows: number,
  columns: number,
  entry: (row: number, column: number) => number,
): Matrix {
  return {
    rows,
    columns,
    values: Float64Array.from({ length: rows * columns }, (_, i) =>
      entry(Math.floor(i / columns), i % columns),
    ),
  };
}

/** Returns an entry, or NaN outside the matrix. */
export function at({ columns, values }: Matrix, row: number, column: number): number {
  return defined(values[row * columns + column]);
}

export function transposed(a: Matrix): Matrix {
  return matrixOf(a.columns, a.rows, (row, column) => at(a, column, row));
}

/**
 * Computes a b.
 *
 * @param a [m, k]
 * @param b [k, n]
 */
export function product(a: Matrix, b: Matrix): Matrix {
  if (a.columns !== b.rows)
    throw new EuarError("internal", `product: [${a.rows}, ${a.columns}] by [${b.rows}, ${b.columns}]`);
  return matrixOf(a.rows, b.columns, (row, column) => {
    let sum = 0;
    for (let k = 0; k < a.columns; k++) sum += at(a, row, k) * at(b, k, column);
    return sum;
  });
}

/**
 * Computes the Cholesky factor: lower triangular L with L L^T = S.
 *
 * @param s [n, n], symmetric and positive definite; entries above the diagonal are not read
 * @throws EuarError "internal" if S is not positive definite
 */
export function choleskyFactor({ rows: n, values: s }: Matrix): Matrix {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = defined(s[i * n + j]);
      for (let k = 0; k < j; k++) rest -= defined(lower[i * n + k]) * defined(lower[j * n + k]);
      if (i === j && !(rest > 0))
        throw new EuarError("internal", `choleskyFactor: pivot ${i} is ${rest}`, {
          hint: "The matrix must be positive definite: add a positive number to its diagonal.",
        });
      lower[i * n + j] = i === j ? sqrt(rest) : rest / defined(lower[j * n + j]);
    }
  }
  return { rows: n, columns: n, values: lower };
}

/**
 * Solves L L^T x = b by forward and backward substitution.
 *
 * @param factor [n, n] lower triangular L
 * @param b [n]
 * @returns x [n]
 */
export function solveCholesky({ rows: n, values: lower }: Matrix, b: Float64Array): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    let rest = defined(x[i]);
    for (let k = 0; k < i; k++) rest -= defined(lower[i * n + k]) * defined(x[k]);
    x[i] = rest / defined(lower[i * n + i]);
  }
  for (let i = n - 1; i >= 0; i--) {
    const solved = defined(x[i]) / defined(lower[i * n + i]);
    x[i] = solved;
    for (let k = 0; k < i; k++) x[k] = defined(x[k]) - defined(lower[i * n + k]) * solved;
  }
  return x;
}

/**
 * Computes the inverse of the Cholesky factor: lower triangular W with W S W^T = I, so that W^T W is the
 * inverse of S.
 *
 * @param s as in {@link choleskyFactor}
 */
export function inverseCholesky(s: Matrix): Matrix {
  const n = s.rows;
  const lower = choleskyFactor(s).values;
  const inverse = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    for (let row = column; row < n; row++) {
      let rest = row === column ? 1 : 0;
      for (let k = column; k < row; k++)
        rest -= defined(lower[row * n + k]) * defined(inverse[k * n + column]);
      inverse[row * n + column] = rest / defined(lower[row * n + row]);
    }
  }
  return { rows: n, columns: n, values: inverse };
}

/** Singular value decomposition: a = u diag(values) v^T. */
export interface SingularValues {
  /** [n, n], orthonormal columns. A column is 0 if its singular value is 0 within rounding. */
  readonly u: Matrix;
  /** [n], at least 0, in no particular order. */
  readonly values: Float64Array;
  /** [n, n], like u. */
  readonly v: Matrix;
}

const SWEEPS = 60;
/** Largest cosine between columns that counts as orthogonal. */
const ORTHOGONAL = 1e-15;
/** Fraction of the largest singular value below which values count as 0. */
const NOTHING = 1e-11;

/**
 * Computes the singular values by one-sided Jacobi (Hestenes 1958; Golub & Van Loan, section 8.6.3). Rotates
 * pairs of columns until all are orthogonal.
 *
 * @param a [n, n], finite
 */
export function singularValues(a: Matrix): SingularValues {
  const n = a.columns;
  const left = transposed(a).values; // its rows are the columns of a
  const right = matrixOf(n, n, (row, column) => (row === column ? 1 : 0)).values;
  for (let sweep = 0, turned = true; turned && sweep < SWEEPS; sweep++) {
    turned = false;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) turned = orthogonalise(left, right, n, p, q) || turned;
  }
  const lengths = Float64Array.from({ length: n }, (_, i) => sqrt(inner(left, n, i, i)));
  const floor = NOTHING * lengths.reduce((largest, length) => Math.max(largest, length), 0);
  const kept = (i: number): boolean => defined(lengths[i]) > floor;
  return {
    u: matrixOf(n, n, (row, i) => (kept(i) ? defined(left[i * n + row]) / defined(lengths[i]) : 0)),
    values: lengths.map((length, i) => (kept(i) ? length : 0)),
    v: matrixOf(n, n, (row, i) => (kept(i) ? defined(right[i * n + row]) : 0)),
  };
}

/**
 * Rotates two rows of `left` and `right` so that the rows of `left` become orthogonal.
 *
 * @returns false if they were orthogonal before
 */
function orthogonalise(left: Float64Array, right: Float64Array, n: number, p: number, q: number): boolean {
  const [pp, qq, pq] = [inner(left, n, p, p), inner(left, n, q, q), inner(left, n, p, q)];
  if (!(Math.abs(pq) > ORTHOGONAL * sqrt(pp * qq))) return false;
  const zeta = (qq - pp) / (2 * pq);
  const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + sqrt(1 + zeta * zeta));
  const c = 1 / sqrt(1 + t * t);
  for (const rows of [left, right]) {
    for (let k = 0; k < n; k++) {
      const [x, y] = [defined(rows[p * n + k]), defined(rows[q * n + k])];
      rows[p * n + k] = c * (x - t * y);
      rows[q * n + k] = c * (t * x + y);
    }
  }
  return true;
}

function inner(rows: Float64Array, n: number, p: number, q: number): number {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += defined(rows[p * n + k]) * defined(rows[q * n + k]);
  return sum;
}
