import { defined } from "../../core/defined.js";

/**
 * Returns the mean over rows `from` to `until` (exclusive) of a matrix [T, D], summed in order in double
 * precision.
 * @returns [D]
 */
export function meanOfRows(data: Float32Array, width: number, from: number, until: number): Float32Array {
  const sums = new Float64Array(width);
  for (let t = from; t < until; t++)
    for (let d = 0; d < width; d++) sums[d] = defined(sums[d]) + defined(data[t * width + d]);
  return Float32Array.from(sums, (sum) => sum / (until - from));
}

/**
 * Returns the maximum of each column of a matrix [T, D], T > 0.
 * @returns [D]
 */
export function maxOfRows(data: Float32Array, width: number, rows: number): Float32Array {
  const result = data.slice(0, width);
  for (let t = 1; t < rows; t++)
    for (let d = 0; d < width; d++) result[d] = Math.max(defined(result[d]), defined(data[t * width + d]));
  return result;
}

/** Returns the mean of matrices of the same shape, summed in order in double precision. */
export function meanOfLayers(layers: readonly Float32Array[]): Float32Array {
  const sums = new Float64Array(defined(layers[0]).length);
  for (const layer of layers)
    layer.forEach((value, i) => {
      sums[i] = defined(sums[i]) + value;
    });
  return Float32Array.from(sums, (sum) => sum / layers.length);
}

/**
 * Returns the mean over the last two extents of [D, H, W].
 * @returns [D]
 */
export function meanOfPlane(data: Float32Array, width: number): Float32Array {
  const area = data.length / width;
  return Float32Array.from({ length: width }, (_, d) => {
    let sum = 0;
    for (let i = d * area; i < (d + 1) * area; i++) sum += defined(data[i]);
    return sum / area;
  });
}

/** Divides each row of [T, D] by its length. Keeps a row of zeros. */
export function normaliseRows(data: Float32Array, width: number): Float32Array {
  const result = Float32Array.from(data);
  for (let start = 0; start < result.length; start += width) {
    let square = 0;
    for (let d = start; d < start + width; d++) square += defined(result[d]) ** 2;
    if (square === 0) continue;
    const length = Math.sqrt(square);
    for (let d = start; d < start + width; d++) result[d] = defined(result[d]) / length;
  }
  return result;
}
