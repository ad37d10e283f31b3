import { defined } from "../core/defined.js";
import { squaredDistances } from "./tsne.js";

/**
 * Mean fraction of a point's nearest neighbours (Euclidean) that belong to its group.
 *
 * The value for random groups is the sum of the squared group fractions. Ties take the earlier point.
 * @param points [N, D], row-major
 * @param groups [N]
 * @returns null for fewer than two points
 */
export function neighbourAgreement(
  points: ArrayLike<number>,
  width: number,
  groups: readonly unknown[],
  neighbours = 10,
): number | null {
  const size = groups.length;
  if (size < 2) return null;
  const distances = squaredDistances(points, width, size);
  const count = Math.min(neighbours, size - 1);
  let sum = 0;
  for (let i = 0; i < size; i++) {
    const others = Array.from({ length: size }, (_, j) => j).filter((j) => j !== i);
    others.sort((a, b) => defined(distances[i * size + a]) - defined(distances[i * size + b]) || a - b);
    sum += others.slice(0, count).filter((j) => groups[j] === groups[i]).length / count;
  }
  return sum / size;
}
