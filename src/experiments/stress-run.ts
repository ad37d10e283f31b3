import { defined } from "../core/defined.js";
import { parseCorruption } from "../corruption/parse-corruption.js";
import type { Dataset } from "../data/dataset.js";
import { type Measurement, measureSplit, summariseMeasurement } from "../evaluate/evaluate.js";
import type { Predictor } from "../predict/predictor.js";
import type { UncertaintyFigure } from "./figure-result.js";
import { headlineMetrics } from "./headline-metrics.js";
import type { Measured } from "./job-result.js";
import { labelGroups } from "./label-groups.js";
import { embeddingOf, measureDetails } from "./measure-details.js";
import { featureSeries } from "./noise-series.js";
import type { ShownCondition } from "./plan.js";
import { uncertaintyRow } from "./uncertainty-figure.js";

/** Metrics and mean uncertainties at one noise level. */
export interface StressPoint {
  readonly amount: number;
  readonly metrics: Readonly<Record<string, number | null>>;
  /** Mean over the samples, by modality. Null for a model without uncertainties. */
  readonly uncertainty: Readonly<Record<string, number | null>>;
}

/** Two-dimensional map of the joint features of some test samples. */
export interface JointMap {
  /** Names of the groups of labels. */
  readonly groups: readonly string[];
  /** Fraction of the 10 nearest neighbours in a sample's own group, as `embeddingOf` measures it. */
  readonly agreement: number | null;
  readonly points: readonly {
    /** Row of the test split. */
    readonly row: number;
    readonly id: string;
    /** In [-1, 1]. */
    readonly x: number;
    readonly y: number;
    /** Index of the group. */
    readonly group: number;
  }[];
}

/** Results of a trained model under rising noise. */
export interface StressResult {
  readonly samples: number;
  /** Names of the metrics, the main one first. */
  readonly metrics: readonly string[];
  readonly series: readonly { readonly label: string; readonly points: readonly StressPoint[] }[];
  /** Uncertainty against severity, and routing by cause. */
  readonly uncertainty: UncertaintyFigure["rows"][number];
  /** Null for a model without joint features. */
  readonly map: JointMap | null;
}

/** Noise levels of which severity and routing are shown. */
const SHOWN = /^(gaussian|dropout):/u;

/**
 * Measures a trained model on the test split of a data set, clean and under rising noise.
 *
 * The noise of a sample depends only on the seed and the sample, so results of different models can be
 * compared. A text encoder reads token ids, which get no noise.
 * @param options name of the model for captions, and the seed of the noise (default 1)
 * @throws EuarError as `evaluate`
 */
export function stressRun(
  predictor: Predictor,
  dataset: Dataset,
  { label, seed = 1 }: { readonly label: string; readonly seed?: number },
): StressResult {
  const { data, encoder } = predictor.config;
  const noisy = data.modalities.map(({ name }) => name).filter((name) => name !== encoder?.modality);
  const plan = featureSeries(noisy).filter(({ points }) =>
    points.every(({ condition }) => encoder === undefined || condition.noise?.includes("=") !== false),
  );
  const measured = new Map<string, Measured>();
  const { metrics: clean, measurement } = measure(predictor, dataset, { label: "clean", seed });
  measured.set("clean", clean);
  for (const { condition } of plan.flatMap(({ points }) => points))
    if (!measured.has(condition.label))
      measured.set(condition.label, measure(predictor, dataset, { ...condition, seed }).metrics);
  const { main, all } = headlineMetrics(data.task);
  const names = [main, ...all.filter((name) => name !== main)];
  const conditions: ShownCondition[] = [...measured.keys()]
    .filter((condition) => condition === "clean" || encoder !== undefined || SHOWN.test(condition))
    .map((condition) => ({ label: condition, condition }));
  return {
    samples: measurement.split.size,
    metrics: names.filter((name) => name in clean.metrics),
    series: plan.map(({ label: name, points }) => ({
      label: name,
      points: points.map(({ amount, condition }) => {
        const { metrics, uncertainty } = defined(measured.get(condition.label));
        return { amount, metrics, uncertainty };
      }),
    })),
    uncertainty: uncertaintyRow(
      { label, role: "euar" },
      [{ conditions: [...measured.values()] }],
      conditions,
    ),
    map: mapOf(measurement, clean),
  };
}

function measure(
  predictor: Predictor,
  dataset: Dataset,
  {
    label,
    noise,
    seed,
  }: { readonly label: string; readonly noise?: string | undefined; readonly seed: number },
): { readonly metrics: Measured; readonly measurement: Measurement } {
  const isClean = noise === undefined;
  const options = { corruption: isClean ? [] : parseCorruption(noise), seed, joint: isClean };
  const measurement = measureSplit(predictor, dataset, options);
  const summary = summariseMeasurement(measurement, options);
  const metrics: Measured = {
    label,
    metrics: { ...summary.metrics },
    uncertainty: Object.fromEntries(
      Object.entries(summary.uncertainty).map(([name, { mean }]) => [name, mean]),
    ),
    ...measureDetails(measurement, summary),
    embedding: isClean ? embeddingOf(measurement) : null,
    samples: null,
    predictions: [],
  };
  return { metrics, measurement };
}

function mapOf({ split, predictor }: Measurement, { embedding }: Measured): JointMap | null {
  if (!embedding) return null;
  const { names, groups } = labelGroups(predictor.config.data.task, split.labels);
  return {
    groups: names,
    agreement: embedding.agreement,
    points: embedding.points.map(([x, y], i) => {
      const row = defined(embedding.rows[i]);
      return { row, id: defined(split.ids[row]), x, y, group: defined(groups[row]) };
    }),
  };
}
