import type { signalStatistics } from "../../nn/signal-statistics.js";

type StatisticName = (typeof signalStatistics)[number];

/** Phrases for each statistic: above and below the usual range of the training data. */
const WORDS: Readonly<Record<StatisticName, readonly [above: string, below: string]>> = {
  "mean |z|": ["its features are larger on average", "its features are smaller on average"],
  "log mean z^2": ["it has more power", "it has less power"],
  "mean z": ["all its features are shifted upwards", "all its features are shifted downwards"],
  "log kurtosis": [
    "a few features are much larger than the rest",
    "its features are more similar in size, as after clipping",
  ],
  "share silent below 0.02": ["more of its features are exactly silent", "fewer of its features are silent"],
  "share silent below 0.1": [
    "more of its features are almost silent",
    "fewer of its features are almost silent",
  ],
  "share below 0.5": ["more of its features are small", "fewer of its features are small"],
  "largest |z|": ["its largest feature is larger", "its largest feature is smaller"],
  "share loud": ["more features are at the limit", "fewer features are near the largest one"],
  "product of neighbours over mean z^2": [
    "neighbouring features agree more",
    "neighbouring features agree less",
  ],
  "least mean |z| over an eighth of the features": [
    "its quietest stretch is louder",
    "a stretch of its features has fallen silent",
  ],
  "log mean residual^2": [
    "more of it lies outside the main directions of the training data",
    "less of it lies outside the main directions of the training data",
  ],
  "residual^2 over z^2": [
    "a larger share of it lies outside the main directions of the training data",
    "a smaller share of it lies outside the main directions of the training data",
  ],
  "log mean projection^2 in units of the training data's": [
    "its part along the main directions of the training data is stronger",
    "its part along the main directions of the training data is weaker",
  ],
};

/**
 * Describes an unusual statistic of an input as a clause. Returns the name of a statistic without a phrase.
 */
export function statisticInWords({
  name,
  deviations,
}: {
  readonly name: string;
  readonly deviations: number;
}): string {
  const words = Object.entries(WORDS).find(([known]) => known === name)?.[1];
  return words?.[deviations < 0 ? 1 : 0] ?? name;
}
