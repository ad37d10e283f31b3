import { foldIn, integerAt, uniformAt, type RandomKey } from "../core/random.js";
import { fillNormal } from "../core/fill-normal.js";
import type { CorruptionKind } from "./corruption.js";

/** The value that says nothing, and the unit, of each feature. */
export interface Neutral {
  readonly mean: Float64Array;
  readonly std: Float64Array;
}

/**
 * Changes one sample in place.
 * @param values the modality's features
 * @param steps offsets in `values` of the sample's real time steps (at least one)
 * @returns its severity, 0 where nothing happened: deviations for gaussian, the share of what was lost for
 * the others
 */
export type FeatureCorruption = (
  values: Float32Array,
  steps: readonly number[],
  neutral: Neutral,
  amount: number,
  key: RandomKey,
) => number;

const gaussian: FeatureCorruption = (values, steps, { std }, amount, key) => {
  const noise = new Float32Array(std.length);
  steps.forEach((at, t) => {
    fillNormal(foldIn(key, t), noise, amount);
    for (let d = 0; d < noise.length; d++)
      values[at + d] = (values[at + d] ?? 0) + (noise[d] ?? 0) * (std[d] ?? 1);
  });
  return amount;
};

const dropout: FeatureCorruption = (values, steps, { mean }, amount, key) => {
  let lost = 0;
  steps.forEach((at, t) => {
    const step = foldIn(key, t);
    for (let d = 0; d < mean.length; d++) {
      if (uniformAt(step, d) >= amount) continue;
      values[at + d] = mean[d] ?? 0;
      lost += 1;
    }
  });
  return lost / (steps.length * mean.length);
};

const vectorDropout: FeatureCorruption = (values, steps, { mean }, amount, key) => {
  if (uniformAt(key, 0) >= amount) return 0;
  for (const at of steps) values.set(mean, at);
  return 1;
};

/** What a lost step becomes. */
type Fill = (values: Float32Array, at: number, neutral: Neutral) => void;

const toMean: Fill = (values, at, { mean }) => {
  values.set(mean, at);
};

const toZero: Fill = (values, at, { mean }) => {
  values.fill(0, at, at + mean.length);
};

function frameDrop(fill: Fill): FeatureCorruption {
  return (values, steps, neutral, amount, key) => {
    const lost = steps.filter((_, t) => uniformAt(key, t) < amount);
    for (const at of lost) fill(values, at, neutral);
    return lost.length / steps.length;
  };
}

function structuralDrop(fill: Fill): FeatureCorruption {
  return (values, steps, neutral, amount, key) => {
    const length = Math.round(steps.length * amount);
    const start = integerAt(key, 0, steps.length - length + 1);
    for (const at of steps.slice(start, start + length)) fill(values, at, neutral);
    return length / steps.length;
  };
}

export const FEATURE_CORRUPTIONS: Readonly<Record<Exclude<CorruptionKind, "missing">, FeatureCorruption>> = {
  gaussian,
  dropout,
  "vector-dropout": vectorDropout,
  "frame-drop": frameDrop(toMean),
  "structural-drop": structuralDrop(toMean),
  "frame-zero": frameDrop(toZero),
  "structural-zero": structuralDrop(toZero),
};
