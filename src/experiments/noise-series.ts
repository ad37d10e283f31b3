import { auilc } from "../metrics/auilc.js";
import type { NoiseColumn, NoiseSeries, WeightedCondition } from "./plan.js";

/** Returns rising noise levels on features: on all modalities at once, and on each one alone. */
export function featureSeries(modalities: readonly string[]): NoiseSeries[] {
  const series = (label: string, amounts: readonly number[], part: string): NoiseSeries => ({
    label,
    points: amounts.map((amount) => ({
      amount,
      condition:
        amount === 0 ? { label: "clean" } : { label: `${part}:${amount}`, noise: `${part}:${amount}` },
    })),
  });
  return [
    series("Gaussian", [0, 0.5, 1, 2], "gaussian"),
    series("features lost", [0, 0.3, 0.6], "dropout"),
    ...modalities.map((name) => series(`Gaussian, ${name} alone`, [0, 1, 2], `${name}=gaussian`)),
    ...modalities.map((name) => series(`${name} alone lost`, [0, 0.4, 0.8], `${name}=dropout`)),
  ];
}

/**
 * Returns the series that a table's columns belong to, in the order of their first column. Each series starts
 * with the column without noise.
 */
export function seriesOf(columns: readonly NoiseColumn[]): NoiseSeries[] {
  const [clean] = columns;
  const names = [...new Set(columns.flatMap(({ series }) => (series === undefined ? [] : [series.label])))];
  return names.map((label) => ({
    label,
    points: [
      ...(clean ? [{ amount: 0, condition: clean.condition }] : []),
      ...columns.flatMap(({ series, condition }) =>
        series?.label === label ? [{ amount: series.amount, condition }] : [],
      ),
    ],
  }));
}

/**
 * Returns the weight of each point of a series in the area under a metric: the trapezoid weights, divided by
 * the span. They sum to 1.
 */
export function areaWeights({ points }: NoiseSeries): WeightedCondition[] {
  const amounts = points.map(({ amount }) => amount);
  return points.map(({ condition }, i) => ({
    label: condition.label,
    weight: auilc(
      amounts,
      amounts.map((_, j) => Number(i === j)),
    ).mean,
  }));
}

/** Gives every series the same weight. */
export function meanOverSeries(series: readonly NoiseSeries[]): WeightedCondition[] {
  const sums = new Map<string, number>();
  for (const { label, weight } of series.flatMap(areaWeights))
    sums.set(label, (sums.get(label) ?? 0) + weight / series.length);
  return [...sums].map(([label, weight]) => ({ label, weight }));
}
