import { defined } from "../../core/defined.js";
import { meanOfKnown } from "../../core/averages.js";
import type { Dataset, ModalityTable, Split } from "../../data/dataset.js";
import { normaliseSplit } from "../../data/normaliser.js";
import { evaluate } from "../../evaluate/evaluate.js";
import { CLEAN, uncertaintyObservations } from "../../evaluate/uncertainty-report.js";
import { averageRanks } from "../../metrics/rank.js";
import type { SeverityPoint } from "../../metrics/severity-bins.js";
import { quantileOf } from "../../metrics/summary-statistics.js";
import { signalStatistics } from "../../nn/signal-statistics.js";
import { QUANTILE_STEPS } from "../../runs/stored-calibration.js";
import { doubtsOf } from "../../predict/doubts.js";
import type { Predictor } from "../../predict/predictor.js";
import { forwardSplit } from "../../predict/forward-split.js";
import type { Prediction } from "../../predict/prediction.js";
import { verdictOf } from "../../predict/verdict.js";
import type { DemoUncertainty, DoubtedClip } from "../../report/demo/demo-results.js";

/** Number of most uncertain inputs to examine. */
const MOST_DOUBTED = 100;

/**
 * Compares the predicted uncertainties of the test split with the true corruption.
 * @param inputs result of {@link observedInputs} for the same model and data
 */
export async function demoUncertainty(
  label: string,
  model: Predictor,
  dataset: Dataset,
  seed: number,
  inputs: readonly ObservedInput[],
): Promise<DemoUncertainty> {
  const { uncertainty, selective } = await evaluate(model, dataset, { seed });
  const agreements = Object.values(uncertainty).flatMap(({ severity }) => severity ?? []);
  const kinds = [...new Set(agreements.flatMap(({ byKind }) => Object.keys(byKind)))].sort();
  const most = inputs.toSorted((a, b) => b.ratio - a.ratio).slice(0, MOST_DOUBTED);
  const damaged = inputs.filter(({ kind }) => kind !== CLEAN);
  return {
    model: label,
    follows: meanOfKnown(agreements.map(({ all }) => all)),
    ceiling: meanOfKnown(agreements.map(({ ceiling }) => ceiling)),
    byKind: Object.fromEntries(
      kinds.map((kind) => [kind, meanOfKnown(agreements.map(({ byKind }) => byKind[kind]?.rho ?? null))]),
    ),
    points: damaged.map(({ kind, severity, rank }): SeverityPoint => ({ kind, severity, uncertainty: rank })),
    wholeMean: meanOfKnown(inputs.filter(({ kind }) => kind === CLEAN).map(({ rank }) => rank)),
    mostDoubted: { inputs: most.length, damaged: most.filter(({ kind }) => kind !== CLEAN).length },
    damagedShare: damaged.length / Math.max(1, inputs.length),
    selective,
  };
}

/** One modality of one test sample. */
export interface ObservedInput {
  readonly modality: string;
  /** Row of the test split. */
  readonly row: number;
  readonly kind: string;
  readonly severity: number;
  /** Uncertainty divided by the median of the validation split. */
  readonly ratio: number;
  /** Percentile of the uncertainty among the test samples of its modality, 0 to 100. */
  readonly rank: number;
}

/** Runs a model over the test split. Returns its uncertainties by modality, in order of rows. */
export function observedInputs(model: Predictor, dataset: Dataset, seed: number): ObservedInput[] {
  const split = normaliseSplit(dataset.splits.test, model.normaliser);
  const outputs = forwardSplit(model.network, split, seed);
  return dataset.modalities.flatMap(({ name }) => {
    const observed = uncertaintyObservations({ split, outputs }, name);
    const ranks = averageRanks(observed.map(({ uncertainty }) => uncertainty));
    const usual = usualUncertainty(model, name);
    return observed.map(({ row, uncertainty, severity, kind }, i): ObservedInput => ({
      modality: name,
      row,
      kind,
      severity,
      ratio: uncertainty / usual,
      rank: (100 * (defined(ranks[i]) - 0.5)) / observed.length,
    }));
  });
}

/** Returns the median uncertainty of the validation split. */
function usualUncertainty({ calibration }: Predictor, modality: string): number {
  const table = calibration?.uncertainty[modality];
  return table ? defined(table[QUANTILE_STEPS / 2]) : NaN;
}

/**
 * Finds the sample with the input whose uncertainty is the largest multiple of its modality's median.
 * @param inputs result of {@link observedInputs} for the same model and data
 * @returns the sample with the reasons, undefined without inputs
 */
export function mostDoubtedClip(
  label: string,
  model: Predictor,
  dataset: Dataset,
  inputs: readonly ObservedInput[],
): DoubtedClip | undefined {
  const worst = inputs.reduce<ObservedInput | undefined>(
    (most, one) => (most === undefined || one.ratio > most.ratio ? one : most),
    undefined,
  );
  if (!worst) return undefined;
  const { row, modality } = worst;
  const { test } = dataset.splits;
  const prediction = model.predict(
    Object.fromEntries(
      Object.entries(test.modalities).map(([name, table]) => [name, featuresOf(table, row)] as const),
    ),
  );
  const own = inputs.filter((one) => one.row === row);
  const usual = ordinaryInput(inputs, modality);
  const normalised = normaliseSplit(test, model.normaliser).modalities[modality];
  return {
    model: label,
    id: test.ids[row] ?? "",
    label: defined(test.labels[row]),
    prediction: typeof prediction.prediction === "number" ? prediction.prediction : NaN,
    interval: intervalOf(prediction),
    modality,
    verdict: verdictOf(prediction, doubtsOf(prediction)),
    inputs: own.map(({ modality: name, kind, severity, ratio }) => ({
      modality: name,
      kind,
      severity,
      percentile: prediction.modalities[name]?.percentile ?? null,
      ratio,
      contribution: prediction.modalities[name]?.contribution ?? null,
    })),
    statistics: reasonsFor(model, test, worst, inputs),
    features: firstStep(normalised, row),
    usual: usual === undefined ? [] : firstStep(normalised, usual),
  };
}

function intervalOf({ interval }: Prediction): DoubtedClip["interval"] {
  if (interval === null || interval === undefined) return null;
  const { low, high } = interval;
  return typeof low === "number" && typeof high === "number" ? { low, high } : null;
}

/** Returns a sample's real steps in the form that users pass; undefined if the modality is missing. */
function featuresOf(
  { present, mask, steps, width, values }: ModalityTable,
  row: number,
): Float32Array[] | null {
  if (present[row] === 0) return null;
  return Array.from({ length: steps }, (_, t) => row * steps + t)
    .filter((at) => mask[at] === 1)
    .map((at) => values.slice(at * width, (at + 1) * width));
}

/** Returns the clean input of this modality whose uncertainty is closest to the median. */
function ordinaryInput(inputs: readonly ObservedInput[], modality: string): number | undefined {
  const whole = inputs.filter((one) => one.modality === modality && one.kind === CLEAN);
  const middle = quantileOf(
    whole.map(({ ratio }) => ratio).sort((a, b) => a - b),
    0.5,
  );
  const [closest] = whole.toSorted((a, b) => Math.abs(a.ratio - middle) - Math.abs(b.ratio - middle));
  return closest?.row;
}

/** Lists the unusual statistics of an input, the largest deviation first. */
function reasonsFor(
  model: Predictor,
  test: Split,
  { modality, row }: ObservedInput,
  inputs: readonly ObservedInput[],
): DoubtedClip["statistics"] {
  const deviations = model.network.inputDeviations?.(normaliseSplit(test, model.normaliser))[modality];
  const at = inputs.filter((one) => one.modality === modality).findIndex((one) => one.row === row);
  const own = deviations?.[at];
  if (!own) return [];
  return signalStatistics
    .map((name, s) => ({ name, deviations: defined(own[s]) }))
    .sort((a, b) => Math.abs(b.deviations) - Math.abs(a.deviations));
}

/**
 * Returns the features of a sample's first real step, scaled to a root mean square of 1 over the modality.
 */
function firstStep(table: ModalityTable | undefined, row: number): number[] {
  if (!table) return [];
  const { steps, width, values, mask } = table;
  let squares = 0;
  for (const value of values) squares += value * value;
  const unit = Math.sqrt(squares / values.length) || 1;
  const step = Array.from({ length: steps }, (_, t) => row * steps + t).find((at) => mask[at] === 1);
  if (step === undefined) return [];
  return Array.from(values.subarray(step * width, (step + 1) * width), (value) => value / unit);
}
