import { defined } from "../core/defined.js";
import type { Task } from "../data/dataset.js";
import { confidenceBins, quantileBins, type ReliabilityBin } from "../metrics/reliability.js";
import { riskCoveragePoints, type RiskCoveragePoint } from "../metrics/risk-coverage.js";
import { doubtsOf, type PredictedInputs } from "../predict/doubts.js";
import { sampleScores } from "./sample-scores.js";
import { type AdjustedComparison, compareWithReference } from "./statistics.js";

/** Line of a run's predictions-test.jsonl, with the fields that a comparison reads. */
export interface StoredRow {
  readonly id: string;
  readonly label: unknown;
  readonly prediction: unknown;
  readonly uncertainty: number | null;
  /** Probability of each class. */
  readonly classes?: Readonly<Record<string, number>>;
  readonly modalities: Readonly<
    Record<
      string,
      {
        readonly experts: readonly number[];
        readonly gates: readonly number[];
        readonly uncertainty?: number | null;
        readonly contribution?: number | null;
        /** Rank of the uncertainty among the validation samples, in [0, 1]. */
        readonly percentile?: number | null;
        readonly present: boolean;
      }
    >
  >;
}

/** Stored predictions of one run. */
export interface StoredRun {
  readonly name: string;
  readonly task: Task;
  readonly rows: readonly StoredRow[];
}

/** Analysis of the stored predictions of one run. */
export interface StoredAnalysis {
  readonly name: string;
  /** Error of each sample, [N]: the absolute error, or the share of wrong labels. */
  readonly errors: readonly number[];
  /** Modalities of each sample whose uncertainty is a reason for doubt, worst first, [N]. */
  readonly doubted: readonly (readonly string[])[];
  /** Mean error of the most certain samples. Empty if the model states no uncertainty. */
  readonly risk: readonly RiskCoveragePoint[];
  /**
   * Stated confidence or uncertainty, compared with the observed errors. Empty if the model states neither.
   */
  readonly reliability: readonly ReliabilityBin[];
  /** Share of all gates of each expert, by modality. Empty for a model without experts. */
  readonly routing: Readonly<Record<string, readonly number[]>>;
}

/** Differences of the runs from the first one on one metric. */
export interface StoredTest {
  readonly metric: string;
  readonly rows: readonly (AdjustedComparison & { readonly name: string })[];
}

/** Comparison of runs by their stored predictions. */
export interface StoredComparison {
  readonly runs: readonly StoredAnalysis[];
  /** Empty unless all runs predicted the same samples with the same labels. */
  readonly tests: readonly StoredTest[];
}

/** Metrics that are means over samples. */
const TESTED = ["MAE", "Has0_acc_2", "Non0_acc_2", "Accuracy"];

/** Compares runs by their stored predictions of one split. The first run is the reference of the tests. */
export function compareStored(runs: readonly StoredRun[]): StoredComparison {
  return { runs: runs.map(analyse), tests: testsOf(runs) };
}

function analyse({ name, task, rows }: StoredRun): StoredAnalysis {
  const errors = errorsOf(task, rows);
  const uncertainty = rows.flatMap((row) => row.uncertainty ?? []);
  const states = rows.length > 0 && uncertainty.length === rows.length;
  const confidence = rows.flatMap(({ classes }) =>
    classes === undefined ? [] : [Math.max(...Object.values(classes))],
  );
  const isClassified = task.kind === "classification" && rows.length > 0 && confidence.length === rows.length;
  return {
    name,
    errors,
    doubted: rows.map(doubtedIn),
    risk: states ? riskCoveragePoints(errors, uncertainty) : [],
    reliability: isClassified
      ? confidenceBins(
          confidence,
          errors.map((error) => 1 - error),
        )
      : states
        ? quantileBins(uncertainty, errors)
        : [],
    routing: routingOf(rows),
  };
}

function doubtedIn({ modalities }: StoredRow): string[] {
  const inputs = Object.entries(modalities).map(([name, { present, percentile = null }]) => [
    name,
    { present, percentile },
  ]);
  const known = Object.fromEntries(inputs) as PredictedInputs["modalities"];
  return doubtsOf({ modalities: known }).map(({ modality }) => modality);
}

function errorsOf(task: Task, rows: readonly StoredRow[]): number[] {
  const { predictions, labels } = valuesOf(task, rows);
  const metric = task.kind === "regression" ? "MAE" : "Accuracy";
  const scores = sampleScores(metric, task, predictions, labels) ?? new Float64Array();
  return Array.from(scores, (score) => (task.kind === "regression" ? 0 - score : 1 - score));
}

/** Returns predictions and labels in the form that the metrics take. */
function valuesOf(
  task: Task,
  rows: readonly StoredRow[],
): { readonly predictions: Float64Array; readonly labels: Float64Array } {
  const read = (value: unknown): number[] => {
    if (task.kind === "classification") return [task.classes.indexOf(String(value))];
    if (task.kind === "multi-label") {
      const present = Array.isArray(value) ? value : [];
      return task.labels.map((label) => (present.includes(label) ? 1 : 0));
    }
    if (typeof value === "number") return [value];
    const targets = new Map(Object.entries(value ?? {}));
    return task.targets.map((target) => Number(targets.get(target)));
  };
  return {
    predictions: Float64Array.from(rows.flatMap(({ prediction }) => read(prediction))),
    labels: Float64Array.from(rows.flatMap(({ label }) => read(label))),
  };
}

function routingOf(rows: readonly StoredRow[]): Record<string, number[]> {
  const sums = new Map<string, number[]>();
  for (const { modalities } of rows)
    for (const [name, { experts, gates }] of Object.entries(modalities)) {
      if (experts.length === 0) continue;
      const own = sums.get(name) ?? [];
      experts.forEach((expert, slot) => {
        own[expert] = (own.at(expert) ?? 0) + defined(gates[slot]);
      });
      sums.set(name, own);
    }
  return Object.fromEntries(
    [...sums].map(([name, own]) => {
      const weights = Array.from(own, (weight) => weight || 0); // experts that no sample selected
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return [name, weights.map((weight) => weight / total)];
    }),
  );
}

function testsOf(runs: readonly StoredRun[]): StoredTest[] {
  const [first, ...others] = runs;
  if (first === undefined || others.length === 0 || first.rows.length === 0) return [];
  const samplesOf = ({ rows }: StoredRun): string => JSON.stringify(rows.map(({ id, label }) => [id, label]));
  const same = samplesOf(first);
  if (others.some((run) => samplesOf(run) !== same)) return [];
  const scored = (run: StoredRun, metric: string): Float64Array | undefined => {
    const { predictions, labels } = valuesOf(run.task, run.rows);
    return sampleScores(metric, run.task, predictions, labels);
  };
  return TESTED.flatMap((metric) => {
    const reference = scored(first, metric);
    if (reference === undefined || reference.length === 0) return [];
    const scores = others.flatMap((run) => {
      const own = scored(run, metric);
      return own?.length === reference.length ? [own] : [];
    });
    if (scores.length < others.length) return [];
    const tests = compareWithReference(scores, reference);
    return [{ metric, rows: tests.map((test, i) => ({ name: defined(others[i]).name, ...test })) }];
  });
}
