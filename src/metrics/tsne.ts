import { defined } from "../core/defined.js";
import { exp, log } from "../core/math.js";
import { normalAt, randomKey } from "../core/random.js";
import { DataError } from "../core/errors.js";

/** Options of {@link tsne}. */
export interface TsneOptions {
  /** Effective number of neighbours of each point, limited to a third of the points. Default 30. */
  readonly perplexity?: number;
  /** Number of steps. Default 500. */
  readonly iterations?: number;
  /** Seed of the initial positions. Default 1. */
  readonly seed?: number;
}

/**
 * Early exaggeration: stronger attraction in the first steps, so that groups form (van der Maaten & Hinton
 * 2008, section 3.4).
 */
const [EXAGGERATION, EXAGGERATED_STEPS] = [12, 100];
const [EARLY_MOMENTUM, LATE_MOMENTUM] = [0.5, 0.8];

/**
 * Exact t-SNE in two dimensions (van der Maaten & Hinton, JMLR 9, 2008).
 *
 * Visits every pair of points in every step, so it is meant for hundreds of points. The same points and seed
 * give the same bits on every platform.
 * @param points [N, D], row-major
 * @returns [N, 2]
 * @throws DataError for values that are not finite
 */
export function tsne(
  points: Float32Array | Float64Array,
  width: number,
  { perplexity = 30, iterations = 500, seed = 1 }: TsneOptions = {},
): Float64Array {
  const size = width === 0 ? 0 : points.length / width;
  if (!points.every(Number.isFinite))
    throw new DataError("data.invalid-value", "t-SNE: a point is not finite");
  if (size < 4) return Float64Array.from({ length: 2 * size }, (_, i) => Math.floor(i / 2));
  const joint = jointProbabilities(
    squaredDistances(points, width, size),
    size,
    Math.max(1, Math.min(perplexity, (size - 1) / 3)),
  );
  const key = randomKey(seed, "t-sne");
  const places = Float64Array.from({ length: 2 * size }, (_, i) => 1e-4 * normalAt(key, i));
  const velocity = new Float64Array(2 * size);
  const gains = new Float64Array(2 * size).fill(1);
  const rate = Math.max(size / EXAGGERATION / 4, 50); // Belkina et al. 2019
  for (let step = 0; step < iterations; step++) {
    const early = step < EXAGGERATED_STEPS;
    const gradient = tsneGradient(places, joint, size, early ? EXAGGERATION : 1);
    for (let i = 0; i < places.length; i++) {
      const [slope, speed] = [defined(gradient[i]), defined(velocity[i])];
      gains[i] = Math.max(0.01, slope * speed < 0 ? defined(gains[i]) + 0.2 : defined(gains[i]) * 0.8);
      velocity[i] = (early ? EARLY_MOMENTUM : LATE_MOMENTUM) * speed - rate * defined(gains[i]) * slope;
      places[i] = defined(places[i]) + defined(velocity[i]);
    }
    centre(places);
  }
  return places;
}

/** Squared Euclidean distances, symmetric. [N, N] */
export function squaredDistances(points: ArrayLike<number>, width: number, size: number): Float64Array {
  const distances = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      let sum = 0;
      for (let d = 0; d < width; d++) {
        const gap = defined(points[i * width + d]) - defined(points[j * width + d]);
        sum += gap * gap;
      }
      distances[i * size + j] = distances[j * size + i] = sum;
    }
  }
  return distances;
}

/**
 * Joint probabilities p_ij = (p_j|i + p_i|j) / 2N. The width of each conditional Gaussian gives the
 * perplexity. [N, N]
 */
export function jointProbabilities(distances: Float64Array, size: number, perplexity: number): Float64Array {
  const conditional = new Float64Array(size * size);
  const row = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const rowDistances = distances.subarray(i * size, (i + 1) * size);
    fitRow(rowDistances, i, log(perplexity), row);
    conditional.set(row, i * size);
  }
  const joint = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++)
      joint[i * size + j] =
        (defined(conditional[i * size + j]) + defined(conditional[j * size + i])) / (2 * size);
  }
  return joint;
}

/** Finds the precision at which the row's entropy equals `target` (in nats), by bisection. */
function fitRow(distances: Float64Array, self: number, target: number, out: Float64Array): void {
  const mean = distances.reduce((sum, value) => sum + value, 0) / Math.max(1, distances.length - 1);
  const nearest = distances.reduce(
    (least, value, j) => (j === self ? least : Math.min(least, value)),
    Infinity,
  );
  let precision = mean > 0 ? 1 / mean : 1;
  let [low, high] = [0, Infinity];
  for (let attempt = 0; attempt < 60; attempt++) {
    let [sum, moment] = [0, 0];
    for (let j = 0; j < distances.length; j++) {
      const beyond = defined(distances[j]) - nearest;
      const weight = j === self ? 0 : exp(-precision * beyond);
      out[j] = weight;
      sum += weight;
      moment += weight * beyond;
    }
    for (let j = 0; j < out.length; j++) out[j] = defined(out[j]) / sum;
    const entropy = log(sum) + (precision * moment) / sum;
    if (Math.abs(entropy - target) < 1e-5) return;
    if (entropy > target) low = precision;
    else high = precision;
    precision = high === Infinity ? precision * 2 : (low + high) / 2;
  }
}

/** Gradient dC/dy_i = 4 sum_j (p_ij - q_ij) (y_i - y_j) / (1 + |y_i - y_j|^2). [N, 2] */
export function tsneGradient(
  places: Float64Array,
  joint: Float64Array,
  size: number,
  exaggeration: number,
): Float64Array {
  const kernel = new Float64Array(size * size);
  let total = 0;
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      const [x, y] = [
        defined(places[2 * i]) - defined(places[2 * j]),
        defined(places[2 * i + 1]) - defined(places[2 * j + 1]),
      ];
      const value = 1 / (1 + x * x + y * y);
      kernel[i * size + j] = value;
      total += 2 * value;
    }
  }
  const gradient = new Float64Array(2 * size);
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      const value = defined(kernel[i * size + j]);
      const force = 4 * (exaggeration * defined(joint[i * size + j]) - value / total) * value;
      for (let axis = 0; axis < 2; axis++) {
        const pull = force * (defined(places[2 * i + axis]) - defined(places[2 * j + axis]));
        gradient[2 * i + axis] = defined(gradient[2 * i + axis]) + pull;
        gradient[2 * j + axis] = defined(gradient[2 * j + axis]) - pull;
      }
    }
  }
  return gradient;
}

function centre(places: Float64Array): void {
  for (let axis = 0; axis < 2; axis++) {
    let sum = 0;
    for (let i = axis; i < places.length; i += 2) sum += defined(places[i]);
    const mean = (2 * sum) / places.length;
    for (let i = axis; i < places.length; i += 2) places[i] = defined(places[i]) - mean;
  }
}
