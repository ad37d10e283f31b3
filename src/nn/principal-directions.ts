import { defined } from "../core/defined.js";
import { sqrt } from "../core/math.js";
import { normalAt, randomKey } from "../core/random.js";

export interface Directions {
  /** Basis with orthonormal columns, [D, R]. */
  readonly basis: Float64Array;
  /** Variance of the rows along each direction, [R]. */
  readonly variance: Float64Array;
}

/** Number of iterations. Only the subspace with the largest variance must be accurate, not each direction. */
const ROUNDS = 8;

/** Number of directions for D features: a quarter, at most 32, at least 1. */
export function directionCount(width: number): number {
  return Math.max(1, Math.min(32, Math.floor(width / 4)));
}

/**
 * Principal directions of rows with mean 0, by orthogonal iteration (Golub & Van Loan, Matrix Computations,
 * section 8.2.4): Q <- orthonormal basis of X^T (X Q).
 *
 * Starts from a fixed seed. Sums are in float64 in a fixed order, so that every platform gives the same bits.
 * @param rows [N, D]
 */
export function principalDirections(rows: Float64Array, width: number): Directions {
  const count = directionCount(width);
  const key = randomKey(0, "principal-directions");
  let basis = orthonormal(
    Float64Array.from({ length: width * count }, (_, i) => normalAt(key, i)),
    count,
  );
  for (let round = 0; round < ROUNDS; round++)
    basis = orthonormal(spread(rows, along(rows, basis, width, count), width, count), count);
  const scores = along(rows, basis, width, count); // [N, R]
  const total = new Float64Array(count);
  scores.forEach((score, i) => {
    total[i % count] = defined(total[i % count]) + score * score;
  });
  const samples = Math.max(1, rows.length / width);
  return { basis, variance: total.map((sum) => sum / samples) };
}

/** Computes X Q. [N, R] */
function along(rows: Float64Array, basis: Float64Array, width: number, count: number): Float64Array {
  const out = new Float64Array((rows.length / width) * count);
  for (let row = 0, to = 0; row < rows.length; row += width, to += count) {
    for (let d = 0; d < width; d++) addScaled(out, to, basis, d * count, defined(rows[row + d]), count);
  }
  return out;
}

/** Computes X^T Y. [D, R] */
function spread(rows: Float64Array, scores: Float64Array, width: number, count: number): Float64Array {
  const out = new Float64Array(width * count);
  for (let row = 0, from = 0; row < rows.length; row += width, from += count) {
    for (let d = 0; d < width; d++) addScaled(out, d * count, scores, from, defined(rows[row + d]), count);
  }
  return out;
}

/** Computes into[to + r] += factor * from[at + r] for r < count. */
function addScaled(
  into: Float64Array,
  to: number,
  from: Float64Array,
  at: number,
  factor: number,
  count: number,
): void {
  for (let r = 0; r < count; r++) into[to + r] = defined(into[to + r]) + factor * defined(from[at + r]);
}

/** Modified Gram-Schmidt on the columns of [D, R]. A column that depends on earlier ones becomes 0. */
function orthonormal(columns: Float64Array, count: number): Float64Array {
  const width = columns.length / count;
  const at = (d: number, r: number): number => defined(columns[d * count + r]);
  const inner = (a: number, b: number): number => {
    let sum = 0;
    for (let d = 0; d < width; d++) sum += at(d, a) * at(d, b);
    return sum;
  };
  for (let r = 0; r < count; r++) {
    const before = sqrt(inner(r, r));
    for (let earlier = 0; earlier < r; earlier++) {
      const share = inner(r, earlier);
      for (let d = 0; d < width; d++) columns[d * count + r] = at(d, r) - share * at(d, earlier);
    }
    const length = sqrt(inner(r, r));
    const scale = length > 1e-10 * before ? 1 / length : 0;
    for (let d = 0; d < width; d++) columns[d * count + r] = at(d, r) * scale;
  }
  return columns;
}
