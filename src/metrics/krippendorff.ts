import { mean } from "../core/averages.js";
import { DataError } from "../core/errors.js";

/** Difference between two labels: equal or not, or the squared distance of two numbers. */
export type AgreementLevel = "nominal" | "interval";

/**
 * Krippendorff's alpha: agreement of several annotators, corrected for chance. At most 1; 0 is the agreement
 * of random labels.
 *
 * alpha = 1 - D_o / D_e, where D_o is the mean difference of two labels of the same unit, and D_e that of two
 * labels of any units (Krippendorff, Content Analysis, chapter 11). Annotators may have skipped units. Units
 * with fewer than two labels do not count.
 * @param units labels of each unit, by any number of annotators, in any order
 * @param level "nominal" for names, "interval" for numbers
 * @returns null without units of two labels, and if all labels are equal
 * @throws DataError "data.invalid-value" for a label that is not a finite number, at level "interval"
 */
export function krippendorffAlpha(
  units: readonly (readonly (number | string)[])[],
  level: AgreementLevel,
): number | null {
  const paired = units.filter((labels) => labels.length > 1);
  const all = paired.flat();
  if (all.length === 0) return null;
  const spread = level === "nominal" ? unequalPairs : squaredDistances;
  const expected = spread(all) / (all.length - 1);
  if (expected === 0) return null;
  const observed = paired.reduce((sum, labels) => sum + spread(labels) / (labels.length - 1), 0);
  return 1 - observed / expected;
}

/** Number of ordered pairs of labels that differ. */
function unequalPairs(labels: readonly (number | string)[]): number {
  const counts = new Map<number | string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum + count * (labels.length - count), 0);
}

/** Sum of the squared differences of all ordered pairs: 2 m sum (x - mean)^2. */
function squaredDistances(labels: readonly (number | string)[]): number {
  const values = labels.map(numberOf);
  const middle = mean(values);
  return 2 * values.length * values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
}

function numberOf(label: number | string): number {
  if (typeof label === "number" && Number.isFinite(label)) return label;
  throw new DataError(
    "data.invalid-value",
    `Krippendorff's alpha: the label ${JSON.stringify(label)} is not a finite number`,
    { hint: 'Use the level "nominal" for names.' },
  );
}
