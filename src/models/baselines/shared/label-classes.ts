import { roundHalfToEven } from "../../../metrics/rounding.js";

/** Number of classes that regression labels are rounded to: -3 to 3 on the usual scale. */
export const LABEL_CLASSES = 7;

/** Label range of most sentiment data. */
export const SENTIMENT_RANGE = [-3, 3] as const;

/**
 * Rounds a regression label to a class: its range is divided into six equal steps, and the label goes to the
 * nearest end of a step. A label halfway between two ends goes to the even one, counted from the middle. On
 * [-3, 3] these are the integers -3 to 3.
 * @returns 0 for the lowest class, {@link LABEL_CLASSES} - 1 for the highest; labels outside the range get
 * the nearest class
 */
export function labelClass(label: number, [low, high]: readonly [number, number]): number {
  const middle = (LABEL_CLASSES - 1) / 2;
  if (!(high > low)) return middle;
  const place = roundHalfToEven(((label - (low + high) / 2) / (high - low)) * (LABEL_CLASSES - 1));
  return middle + Math.max(-middle, Math.min(middle, place));
}
