import { defined } from "../core/defined.js";
import { log } from "../core/math.js";

/**
 * Mutual information of a joint distribution, in bits: sum_xy p(x, y) log2(p(x, y) / (p(x) p(y))).
 *
 * It is 0 for independent variables, and at most the smaller of their entropies. The estimate from n samples
 * of independent variables is too large by about (X - 1)(Y - 1) / (2 n ln 2).
 * @param joint [X][Y] non-negative weights with any sum
 * @returns null if all weights are 0
 */
export function mutualInformation(joint: readonly (readonly number[])[]): number | null {
  const rows = joint.map((row) => row.reduce((sum, weight) => sum + weight, 0));
  const total = rows.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) return null;
  const width = joint[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, y) =>
    joint.reduce((sum, row) => sum + defined(row[y]), 0),
  );
  let nats = 0;
  joint.forEach((row, x) => {
    row.forEach((weight, y) => {
      if (weight > 0)
        nats += (weight / total) * log((weight * total) / (defined(rows[x]) * defined(columns[y])));
    });
  });
  return Math.max(0, nats / Math.LN2);
}
