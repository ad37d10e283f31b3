import { roundHalfToEven } from "../../../metrics/rounding.js";

/** Classes that labels of a regression are rounded to: -3 to 3 on the field's scale. */
export const LABEL_CLASSES = 7;

/** The scale of most sentiment data. */
export const SENTIMENT_RANGE = [-3, 3] as const;

/**
 * Class of a regression label: its range in six equal steps, rounded to the nearest end of a step (halves to
 * the even one, counted from the middle). On [-3, 3] these are the integers -3 to 3.
 * @returns 0 for the lowest class, {@link LABEL_CLASSES} - 1 for the highest; labels outside the range get the
 * nearest class
 */
export function labelClass(label: number, [low, high]: readonly [number, number]): number {
  const middle = (LABEL_CLASSES - 1) / 2;
  if (!(high > low)) return middle;
  const place = roundHalfToEven(((label - (low + high) / 2) / (high - low)) * (LABEL_CLASSES - 1));
  return middle + Math.max(-middle, Math.min(middle, place));
}
