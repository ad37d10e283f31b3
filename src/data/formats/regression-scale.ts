import { defined } from "../../core/defined.js";
import { ConfigError } from "../../core/errors.js";
import { type RegressionTask, SPLIT_NAMES, type SplitName } from "../dataset.js";
import { extent, sentimentScale } from "../label-scale.js";
import type { LabelOptions } from "./load-options.js";
import type { StatedTask } from "./stated-task.js";

export interface ScaleRequest {
  readonly place: string;
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<SplitName, Float32Array>>;
  readonly stated: StatedTask | undefined;
  readonly options: LabelOptions;
}

/** Scale of regression labels, with the reason in words. */
export interface RegressionScale {
  readonly scale: Pick<RegressionTask, "range" | "threshold" | "bins">;
  readonly text: string;
  /** True if the range was found in the training labels. */
  readonly rangeFound: boolean;
  readonly notes: readonly string[];
}

/**
 * Returns the stated scale, otherwise the scale of the training labels.
 *
 * @throws ConfigError as {@link statedScale}
 */
export function regressionScale({ place, targets, labels, stated, options }: ScaleRequest): RegressionScale {
  const own = stated?.kind === "regression" ? stated : undefined;
  const all = {
    range: options.range ?? own?.range,
    threshold: options.threshold ?? own?.threshold,
    bins: options.bins ?? own?.bins,
  };
  const known = statedScale(all, targets.length, place);
  const given = known.range;
  const range = given ?? (targets.length === 1 ? sentimentScale(labels.train) : undefined);
  const scale = { ...known, ...(range && { range }) };
  const by = options.range ? "the option range" : (own?.by ?? "");
  return {
    scale,
    text: given
      ? `scale [${given.join(", ")}], as ${by} says`
      : foundText(labels.train, targets.length, scale),
    rangeFound: range !== undefined && given === undefined,
    notes: range ? outsideNotes(labels, range) : [],
  };
}

/**
 * Checks a stated scale.
 *
 * @param targets number of regression targets
 * @throws ConfigError "config.invalid" for an impossible range or bins; "config.conflict" for a threshold or
 * bins with several targets
 */
export function statedScale(
  { range, threshold, bins }: Pick<LabelOptions, "range" | "threshold" | "bins">,
  targets: number,
  place: string,
): RegressionScale["scale"] {
  if (targets > 1 && (threshold !== undefined || bins !== undefined))
    throw new ConfigError(
      "config.conflict",
      `${place}: a threshold or bins need a single target, but there are ${targets}.`,
      { hint: "Omit them, or choose one target with the option target." },
    );
  const [checkedRange, checkedBins] = [checkRange(range, place), checkBins(bins, place)];
  return {
    ...(checkedRange && { range: checkedRange }),
    ...(threshold !== undefined && { threshold }),
    ...(checkedBins && { bins: checkedBins }),
  };
}

/** Describes the scale of the training labels, and what is unknown about it. */
function foundText(
  train: Float32Array,
  targets: number,
  { range, threshold, bins }: RegressionScale["scale"],
): string {
  const { least, most } = extent(train);
  const reach = `training labels from ${shown(least)} to ${shown(most)}`;
  if (range)
    return `scale [${range.join(", ")}], found in the labels (${reach}); the option range states another`;
  if (targets > 1) return `no common scale (${reach})`;
  const stop = threshold === undefined && !bins ? "; accuracies need a threshold or bins" : "";
  return least < 0 && most > 0
    ? `a scale of unknown size (${reach}); the option range states its size${stop}`
    : `a scale without a sign (${reach})${stop}`;
}

function outsideNotes(
  labels: Readonly<Record<SplitName, Float32Array>>,
  [low, high]: readonly [number, number],
): string[] {
  return SPLIT_NAMES.flatMap((split) => {
    const count = labels[split].filter((label) => label < low || label > high).length;
    return count === 0
      ? []
      : [
          `warning: ${count} of ${labels[split].length} labels of ${split} lie outside the scale ` +
            `[${low}, ${high}]`,
        ];
  });
}

function checkRange(
  range: readonly number[] | undefined,
  place: string,
): readonly [number, number] | undefined {
  if (range === undefined) return undefined;
  const [low = NaN, high = NaN] = range;
  if (range.length === 2 && Number.isFinite(low) && Number.isFinite(high) && low < high) return [low, high];
  throw new ConfigError(
    "config.invalid",
    `${place}: a range is two ascending numbers, but [${range.join(", ")}] was given.`,
    { hint: "For example 1,5 for labels from 1 to 5." },
  );
}

function checkBins(bins: readonly number[] | undefined, place: string): readonly number[] | undefined {
  if (bins === undefined) return undefined;
  const ascending = bins.every(
    (edge, i) => Number.isFinite(edge) && (i === 0 || edge > defined(bins[i - 1])),
  );
  if (bins.length > 0 && bins.length <= 100 && ascending) return bins;
  throw new ConfigError(
    "config.invalid",
    `${place}: bins are 1 to 100 ascending edges, but [${bins.join(", ")}] was given.`,
    { hint: "For example 1.5,2.5,3.5,4.5 for five bins around 1 to 5." },
  );
}

/** Formats a number with at most four decimals, without trailing zeros. */
function shown(value: number): string {
  return String(Number(value.toFixed(4)));
}
