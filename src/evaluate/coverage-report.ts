import { defined } from "../core/defined.js";
import type { Split, Task } from "../data/dataset.js";
import { expectedCalibrationError } from "../metrics/calibration-error.js";
import { sortedOrder } from "../metrics/rank.js";
import { softmax } from "../predict/calibration.js";
import type { SplitOutputs } from "../predict/forward-split.js";
import type { Intervals } from "../predict/intervals.js";
import type { CoverageReport, CoverageSummary } from "../runs/results.js";

/** Result of one interval or set: for one sample, or one target of a sample. */
interface Outcome {
  readonly row: number;
  readonly target: number;
  readonly inside: boolean;
  readonly size: number;
}

/**
 * Measures how often the intervals (or sets of classes) contain the label, on samples that were used neither
 * for training nor for calibration.
 *
 * The guarantee holds for all samples together. `byUncertainty` shows the coverage of certain and uncertain
 * samples.
 *
 * @param uncertainty mean uncertainty of each sample's modalities, [N]; NaN if there is none
 * @returns undefined for a multi-label task, which has no guarantee
 */
export function coverageReport(
  task: Task,
  split: Split,
  outputs: SplitOutputs,
  intervals: Intervals,
  uncertainty: Float64Array,
): CoverageReport | undefined {
  if (task.kind === "multi-label") return undefined;
  const outcomes =
    task.kind === "classification"
      ? setOutcomes(split, outputs, intervals, task.classes.length)
      : intervalOutcomes(split, outputs, intervals, task.targets.length);
  const thirds = thirdsOf(uncertainty).map((rows) => summarise(outcomes.filter(({ row }) => rows.has(row))));
  const targets = task.kind === "regression" && task.targets.length > 1 ? task.targets : [];
  const byTarget = targets.map(
    (name, t) => [name, summarise(outcomes.filter(({ target }) => target === t))] as const,
  );
  return {
    level: intervals.level,
    ...summarise(outcomes),
    ...(targets.length > 0 && { byTarget: Object.fromEntries(byTarget) }),
    ...(thirds.length > 0 && { byUncertainty: thirds }),
    ...(task.kind === "classification" && {
      calibrationError: calibrationErrors(split, outputs, task.classes.length, intervals.temperature),
    }),
  };
}

function intervalOutcomes(
  split: Split,
  { prediction, spread }: SplitOutputs,
  intervals: Intervals,
  width: number,
): Outcome[] {
  return Array.from(prediction, (value, at) => {
    const target = at % width;
    const { low, high } = intervals.around(value, spread?.[at] ?? 0, target) ?? {
      low: -Infinity,
      high: Infinity,
    };
    const label = defined(split.labels[at]);
    return { row: Math.floor(at / width), target, inside: low <= label && label <= high, size: high - low };
  });
}

function setOutcomes(
  split: Split,
  { prediction }: SplitOutputs,
  intervals: Intervals,
  width: number,
): Outcome[] {
  return Array.from(split.labels, (label, row) => {
    const set = intervals.classes(
      softmax(prediction.subarray(row * width, (row + 1) * width), intervals.temperature),
    );
    return { row, target: 0, inside: set.includes(label), size: set.length };
  });
}

function summarise(outcomes: readonly Outcome[]): CoverageSummary {
  const count = outcomes.length;
  if (count === 0) return { samples: 0, coverage: null, meanSize: null };
  const size = outcomes.reduce((sum, outcome) => sum + outcome.size, 0) / count;
  return {
    samples: count,
    coverage: outcomes.filter((outcome) => outcome.inside).length / count,
    meanSize: Number.isFinite(size) ? size : null,
  };
}

/**
 * Returns the rows of the least uncertain third, the middle third and the most uncertain third. Returns no
 * thirds if a sample has no uncertainty.
 */
function thirdsOf(uncertainty: Float64Array): Set<number>[] {
  if (uncertainty.length < 3 || !uncertainty.every(Number.isFinite)) return [];
  const order = sortedOrder(uncertainty);
  const cut = (third: number): number => Math.round((third * order.length) / 3);
  return [0, 1, 2].map((third) => new Set(order.slice(cut(third), cut(third + 1))));
}

function calibrationErrors(
  split: Split,
  { prediction }: SplitOutputs,
  classes: number,
  temperature: number,
): { readonly before: number; readonly after: number; readonly temperature: number } {
  const error = (at: number): number => {
    const rows = Array.from(split.labels, (_, row) =>
      softmax(prediction.subarray(row * classes, (row + 1) * classes), at),
    );
    return expectedCalibrationError(rows.flat(), split.labels);
  };
  return { before: error(1), after: error(temperature), temperature };
}
