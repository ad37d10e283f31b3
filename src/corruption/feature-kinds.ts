import { defined } from "../core/defined.js";
import { fillNormal } from "../core/fill-normal.js";
import { sqrt } from "../core/math.js";
import { foldIn, integerAt, type RandomKey, uniformAt } from "../core/random.js";
import type { FeatureKind, SampleKeys } from "./feature-kind.js";
import { mixedKind } from "./mixed-kind.js";

const share = (severity: number): number => severity;

/** Sets a step to values without information. */
type Fill = (step: Float32Array, mean: Float64Array) => void;

const toMean: Fill = (step, mean) => {
  step.set(mean);
};

const toZero: Fill = (step) => {
  step.fill(0);
};

function frameDrop(fill: Fill): FeatureKind["corrupt"] {
  return ({ steps, mean }, amount, { sample }) => {
    const lost = steps.filter((_, t) => uniformAt(sample, t) < amount);
    for (const step of lost) fill(step, mean);
    return lost.length / steps.length;
  };
}

function structuralDrop(fill: Fill): FeatureKind["corrupt"] {
  return ({ steps, mean }, amount, { sample }) => {
    const length = Math.round(steps.length * amount);
    const start = integerAt(sample, 0, steps.length - length + 1);
    for (const step of steps.slice(start, start + length)) fill(step, mean);
    return length / steps.length;
  };
}

const SINGLE_KINDS = {
  gaussian: {
    help: "adds normal noise; the amount is in training standard deviations of each feature",
    unit: "standard deviations of the training features",
    most: 1e6,
    amountAt: (severity) => 2 * severity,
    corrupt: ({ steps, std }, amount, keys) => {
      const noise = new Float32Array(std.length);
      steps.forEach((step, t) => {
        fillNormal(keys.step(t), noise, amount);
        for (let d = 0; d < noise.length; d++) step[d] = defined(step[d]) + defined(noise[d]) * (std[d] ?? 1);
      });
      return amount;
    },
  },
  dropout: {
    help: "sets each feature to its training mean with this probability",
    unit: "probability of a feature",
    most: 1,
    amountAt: share,
    corrupt: ({ steps, mean }, amount, keys) => {
      let lost = 0;
      steps.forEach((step, t) => {
        const key = keys.step(t);
        for (let d = 0; d < mean.length; d++) {
          if (uniformAt(key, d) >= amount) continue;
          step[d] = defined(mean[d]);
          lost += 1;
        }
      });
      return lost / (steps.length * mean.length);
    },
  },
  block: {
    help: "sets a contiguous block of this share of the features of each real time step to training means",
    unit: "share of the features",
    most: 1,
    amountAt: share,
    corrupt: ({ steps, mean }, amount, keys) => {
      const length = Math.round(amount * mean.length);
      steps.forEach((step, t) => {
        const start = integerAt(keys.step(t), 0, mean.length);
        for (let i = 0; i < length; i++) {
          const d = (start + i) % mean.length;
          step[d] = defined(mean[d]);
        }
      });
      return length / mean.length;
    },
  },
  swap: {
    help:
      "mixes in the features of another sample: the amount is the factor on the other's deviation from " +
      "the mean; the variance stays",
    unit: "share of the other sample",
    most: 1,
    amountAt: share,
    needsOther: true,
    corrupt: ({ steps, mean, others = [] }, amount) => {
      // keeps the variance, so that the statistics of one modality do not reveal the corruption
      const kept = sqrt(1 - amount * amount);
      steps.forEach((step, t) => {
        const other = others[t] ?? mean;
        for (let d = 0; d < step.length; d++) {
          const middle = defined(mean[d]);
          step[d] = middle + kept * (defined(step[d]) - middle) + amount * (defined(other[d]) - middle);
        }
      });
      return amount;
    },
  },
  saturation: {
    help:
      "amplifies features by 1 + 3 times the amount and clips them at 2.5 - 2 times the amount " +
      "deviations",
    unit: "degree of saturation",
    most: 1,
    amountAt: share,
    corrupt: ({ steps, mean, std }, amount) => {
      const gain = 1 + 3 * amount;
      const limit = 2.5 - 2 * amount;
      for (const step of steps)
        for (let d = 0; d < step.length; d++) {
          const [middle, unit] = [defined(mean[d]), std[d] ?? 1];
          if (unit === 0) continue; // a constant feature has no deviations
          const deviations = (gain * (defined(step[d]) - middle)) / unit;
          step[d] = middle + unit * Math.max(-limit, Math.min(limit, deviations));
        }
      return amount;
    },
  },
  "vector-dropout": {
    help: "with this probability sets all features of a sample to their training means",
    unit: "probability of a sample",
    most: 1,
    amountAt: share,
    corrupt: ({ steps, mean }, amount, { sample }) => {
      if (uniformAt(sample, 0) >= amount) return 0;
      for (const step of steps) step.set(mean);
      return 1;
    },
  },
  "frame-drop": {
    help: "sets each real time step to the training mean with this probability",
    unit: "probability of a time step",
    most: 1,
    amountAt: share,
    corrupt: frameDrop(toMean),
  },
  "structural-drop": {
    help: "sets one contiguous block of this share of the real time steps to the training mean",
    unit: "share of the time steps",
    most: 1,
    amountAt: share,
    corrupt: structuralDrop(toMean),
  },
  "frame-zero": {
    help: "sets each real time step to zeros with this probability, as TFR-Net's frame drop does",
    unit: "probability of a time step",
    most: 1,
    amountAt: share,
    corrupt: frameDrop(toZero),
  },
  "structural-zero": {
    help:
      "sets one contiguous block of this share of the real time steps to zeros, as OpenVNA's structural " +
      "drop does",
    unit: "share of the time steps",
    most: 1,
    amountAt: share,
    corrupt: structuralDrop(toZero),
  },
} as const satisfies Readonly<Record<string, FeatureKind>>;

const { gaussian, dropout, block, saturation } = SINGLE_KINDS;

/**
 * Kinds of corruption of this package, by name. The kind "missing" is not in the list, because it affects all
 * modalities of a sample.
 */
export const FEATURE_KINDS = {
  ...SINGLE_KINDS,
  mixed: mixedKind({ gaussian, dropout, block, saturation }),
} as const satisfies Readonly<Record<string, FeatureKind>>;

/** Name of a kind of {@link FEATURE_KINDS}. */
export type FeatureKindName = keyof typeof FEATURE_KINDS;

/** Smallest severity of a corrupted copy or clip. The largest is 1. */
const LEAST_SEVERITY = 0.1;

/**
 * Returns a severity, uniform between the smallest and 1.
 *
 * @param draw uniform in (0, 1)
 */
export function severityFrom(draw: number): number {
  return LEAST_SEVERITY + (1 - LEAST_SEVERITY) * draw;
}

/** Returns the key of each step, derived from the key of the sample. */
export function keysFrom(sample: RandomKey): SampleKeys {
  return { sample, step: (t) => foldIn(sample, t) };
}
