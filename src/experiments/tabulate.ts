import { defined } from "../core/defined.js";
import { meanOfKnown, meanOrNull } from "../core/averages.js";
import type { Task } from "../data/dataset.js";
import type { ExperimentResult, ResultCell } from "./experiment-result.js";
import type { FindResult } from "./figure-context.js";
import type { Measured } from "./job-result.js";
import { measuredValue } from "./measured-value.js";
import type { CellChoice, PlannedCell, TablePlan } from "./plan.js";
import { meanAndDeviation } from "../metrics/summary-statistics.js";
import { metricDirection } from "../metrics/directions.js";
import { sampleScores } from "./sample-scores.js";
import { comparePaired, compareWithReference, holm, meanOfLists } from "./statistics.js";

/** Significance level of a difference, after correction. */
const SIGNIFICANT = 0.05;

interface Answer {
  readonly note: string;
  readonly values: readonly (number | null)[];
  readonly uncertainty: number | null;
  /** Scores of each sample, averaged over the seeds. */
  readonly scores: Float64Array | undefined;
}

/**
 * Fills the table of a plan. In each column, every row is compared with the first row of role "euar" by a
 * paired bootstrap over samples, and by a sign-flip test corrected for the number of rows (Holm). A row wins
 * a column only if it is significantly better than every other row.
 */
export function tabulate(plan: TablePlan, task: Task, find: FindResult): ExperimentResult {
  const answers = plan.rows.map(({ cells }) =>
    plan.columns.map(({ metric }, c) => answerOf(cells[c], metric, task, find)),
  );
  const reference = plan.rows.findIndex(({ role }) => role === "euar");
  const columns = plan.columns.map((_, c) =>
    columnTests(
      answers.map((row) => row[c]),
      reference,
    ),
  );
  const winners = plan.columns.map(({ metric }, c) =>
    winnerOf(
      answers.map((row) => row[c]),
      metric,
    ),
  );
  return {
    name: plan.name,
    title: plan.title,
    caption: plan.caption,
    columns: plan.columns.map(({ label, metric }) => ({ label, metric })),
    rows: plan.rows.map(({ label, role }, r) => ({
      label,
      role,
      cells: plan.columns.map((_, c): ResultCell =>
        cellOf(answers[r]?.[c], columns[c]?.[r] ?? null, winners[c] === r),
      ),
    })),
    line: plan.line ?? null,
  };
}

function answerOf(
  cell: PlannedCell | undefined,
  metric: string,
  task: Task,
  find: FindResult,
): Answer | undefined {
  const choice = cell && chosen(cell, metric, find);
  const results = choice?.jobs.map((job) => {
    const result = find(job);
    const measured = choice.conditions.flatMap(({ label, weight }) =>
      (result?.conditions ?? []).filter((one) => one.label === label).map((under) => ({ under, weight })),
    );
    return result && measured.length === choice.conditions.length ? { result, measured } : undefined;
  });
  if (!choice || !results) return undefined;
  const known = results.flatMap((entry) => (entry ? [entry] : []));
  const lists = known.flatMap(({ result, measured }) => {
    const parts = measured.flatMap(({ under, weight }) => {
      const scores = sampleScores(metric, task, under.predictions, result.labels);
      return scores ? [{ scores, weight }] : [];
    });
    return parts.length === measured.length ? [weightedSum(parts)] : [];
  });
  return {
    note: choice.note,
    values: results.map((entry) =>
      entry
        ? weightedMean(
            entry.measured.map(({ under, weight }) => ({ value: measuredValue(under, metric), weight })),
          )
        : null,
    ),
    uncertainty: meanOrNull(
      known.map(({ measured }) =>
        weightedMean(measured.map(({ under, weight }) => ({ value: meanUncertainty(under), weight }))),
      ),
    ),
    scores: lists.length === results.length && lists.length > 0 ? meanOfLists(lists) : undefined,
  };
}

/** Sums weighted scores sample by sample. */
function weightedSum(
  parts: readonly { readonly scores: ArrayLike<number>; readonly weight: number }[],
): Float64Array {
  const sum = new Float64Array(parts[0]?.scores.length ?? 0);
  for (const { scores, weight } of parts)
    for (let n = 0; n < sum.length; n++) sum[n] = defined(sum[n]) + weight * defined(scores[n]);
  return sum;
}

/** Returns the weighted mean; null if a value is missing. */
function weightedMean(
  parts: readonly { readonly value: number | null; readonly weight: number }[],
): number | null {
  return parts.reduce<number | null>(
    (sum, { value, weight }) => (sum === null || value === null ? null : sum + weight * value),
    0,
  );
}

/** Returns the choice with the best mean on the validation split; the first of equal ones. */
function chosen({ choices }: PlannedCell, metric: string, find: FindResult): CellChoice | undefined {
  const [first] = choices;
  if (choices.length <= 1) return first;
  const score = ({ jobs }: CellChoice): number => {
    const mean = meanOrNull(jobs.map((job) => find(job)?.valid[metric] ?? null)) ?? -Infinity;
    return metricDirection(metric) === "lower" ? -mean : mean;
  };
  return choices.reduce((best, choice) => (score(choice) > score(best) ? choice : best));
}

/**
 * Returns each row's comparison with the reference row; null for that row and where a comparison is
 * impossible.
 */
function columnTests(
  answers: readonly (Answer | undefined)[],
  reference: number,
): ResultCell["comparison"][] {
  const own = answers[reference]?.scores;
  if (!own) return answers.map(() => null);
  const tested = answers.flatMap((answer, r) => (answer?.scores && r !== reference ? [answer] : []));
  const tests = compareWithReference(
    tested.flatMap(({ scores }) => scores ?? []),
    own,
  );
  return answers.map((answer) => tests[answer ? tested.indexOf(answer) : -1] ?? null);
}

function winnerOf(answers: readonly (Answer | undefined)[], metric: string): number {
  const means = answers.map((answer) => meanOrNull(answer?.values ?? [null]));
  const sign = metricDirection(metric) === "lower" ? -1 : 1;
  const best = means.reduce<number>(
    (at, mean, r) => (mean !== null && (at < 0 || sign * mean > sign * (means.at(at) ?? NaN)) ? r : at),
    -1,
  );
  const own = answers[best]?.scores;
  const others = answers.filter((_, r) => r !== best);
  if (!own || others.some((answer) => answer?.scores === undefined)) return -1;
  const p = holm(others.map((answer) => comparePaired(own, answer?.scores ?? []).p));
  return p.every((value) => value < SIGNIFICANT) ? best : -1;
}

function cellOf(answer: Answer | undefined, comparison: ResultCell["comparison"], wins: boolean): ResultCell {
  const values = answer ? [...answer.values] : [];
  const known = values.filter((value) => value !== null);
  const spread =
    known.length === 0 || known.length < values.length
      ? { mean: null, deviation: null }
      : meanAndDeviation(known);
  return {
    ...spread,
    values,
    note: answer?.note ?? "",
    uncertainty: answer?.uncertainty ?? null,
    comparison,
    wins,
  };
}

function meanUncertainty({ uncertainty }: Measured): number | null {
  return meanOfKnown(Object.values(uncertainty));
}
