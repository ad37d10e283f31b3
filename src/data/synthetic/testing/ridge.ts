import type { Split } from "../../dataset.js";

/** Features of some modalities side by side, with a last column of ones. [N, D + 1] */
function design(
  split: Split,
  modalities: readonly string[],
): { readonly x: Float64Array; readonly width: number } {
  const tables = modalities.flatMap((name) => split.modalities[name] ?? []);
  const width = tables.reduce((sum, table) => sum + table.width, 1);
  const x = new Float64Array(split.size * width).fill(1);
  let column = 0;
  for (const table of tables) {
    for (let n = 0; n < split.size; n++)
      x.set(table.values.subarray(n * table.width, (n + 1) * table.width), n * width + column);
    column += table.width;
  }
  return { x, width };
}

/**
 * Ridge regression on the first target, fitted by the normal equations. Features should be standardised.
 * Returns a predictor.
 */
export function ridgeProbe(
  train: Split,
  modalities: readonly string[],
  penalty: number,
): (split: Split) => Float64Array {
  const { x, width } = design(train, modalities);
  const gram = new Float64Array(width * width);
  const target = new Float64Array(width);
  for (let n = 0; n < train.size; n++) {
    const row = x.subarray(n * width, (n + 1) * width);
    const y = train.labels[n] ?? 0;
    for (let a = 0; a < width; a++) {
      const value = row[a] ?? 0;
      target[a] = (target[a] ?? 0) + value * y;
      for (let b = 0; b <= a; b++) gram[a * width + b] = (gram[a * width + b] ?? 0) + value * (row[b] ?? 0);
    }
  }
  for (let a = 0; a < width; a++) gram[a * width + a] = (gram[a * width + a] ?? 0) + penalty;
  const weights = solve(gram, target, width);
  return (split) => {
    const test = design(split, modalities).x;
    return Float64Array.from({ length: split.size }, (_, n) =>
      weights.reduce((sum, weight, d) => sum + weight * (test[n * width + d] ?? 0), 0),
    );
  };
}

/**
 * Solves A w = b for a symmetric positive definite A, of which the lower triangle is given (and overwritten
 * by its Cholesky factor).
 */
function solve(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const at = (i: number, j: number): number => a[i * size + j] ?? 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(i, j);
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      a[i * size + j] = i === j ? Math.sqrt(sum) : sum / at(j, j);
    }
  }
  const w = Array.from(b);
  for (let i = 0; i < size; i++)
    w[i] = w.slice(0, i).reduce((sum, weight, k) => sum - at(i, k) * weight, w[i] ?? 0) / at(i, i);
  for (let i = size - 1; i >= 0; i--)
    w[i] = w.slice(i + 1).reduce((sum, weight, k) => sum - at(i + 1 + k, i) * weight, w[i] ?? 0) / at(i, i);
  return Float64Array.from(w);
}

/** Share of samples with y != 0 (and `keep`) whose prediction has the right sign, in percent: Non0_acc_2. */
export function signAccuracy(
  prediction: Float64Array,
  split: Split,
  keep: (n: number) => boolean = () => true,
): number {
  const rows = Array.from(prediction.keys()).filter((n) => split.labels[n] !== 0 && keep(n));
  return (
    (100 * rows.filter((n) => (prediction[n] ?? 0) > 0 === (split.labels[n] ?? 0) > 0).length) / rows.length
  );
}
