import { defined } from "../core/defined.js";
import { sqrt } from "../core/math.js";
import type { Dataset, ModalityInfo, Split, SplitName, Task } from "./dataset.js";

/** Summary of a data set, as `euar inspect` shows it. Plain data. */
export interface DatasetSummary {
  readonly name: string;
  readonly task: Task;
  readonly modalities: readonly ModalityInfo[];
  readonly splits: readonly SplitSummary[];
  readonly notes: readonly string[];
  /** Adapter that made the features, by modality. Absent if the source does not say. */
  readonly features?: Dataset["features"];
}

export interface SplitSummary {
  readonly name: SplitName;
  readonly samples: number;
  readonly hasTexts: boolean;
  readonly modalities: readonly ModalitySummary[];
  /** Summary of each target; empty if the task is not regression. */
  readonly targets: readonly TargetSummary[];
  /** Number of samples per class or label; empty for regression. */
  readonly classes: readonly { readonly name: string; readonly count: number }[];
}

export interface ModalitySummary {
  readonly name: string;
  /** Number of samples without the modality. */
  readonly missing: number;
  /** Number of real steps per sample that has the modality. */
  readonly steps: { readonly least: number; readonly mean: number; readonly most: number };
  /** Fraction of exact zeros among the features of real steps. */
  readonly zeros: number;
  /** Range of these features. */
  readonly least: number;
  readonly most: number;
  /** Number of samples per corruption kind. Absent if unknown. */
  readonly corruption?: Readonly<Record<string, number>>;
}

export interface TargetSummary {
  readonly name: string;
  readonly mean: number;
  /** Population standard deviation. */
  readonly std: number;
  readonly least: number;
  readonly most: number;
  readonly negative: number;
  readonly zero: number;
  readonly positive: number;
}

/** Computes counts and statistics of each split. Reads every feature once. */
export function summariseDataset(dataset: Dataset): DatasetSummary {
  const { name, task, modalities, notes, features } = dataset;
  const { train, valid, test } = dataset.splits;
  return {
    name,
    task,
    modalities,
    notes,
    ...(features && { features }),
    splits: [train, valid, test].map((split) => summariseSplit(split, dataset)),
  };
}

function summariseSplit(split: Split, { task, modalities }: Dataset): SplitSummary {
  return {
    name: split.name,
    samples: split.size,
    hasTexts: split.texts !== undefined,
    modalities: modalities.map(({ name }) => summariseModality(split, name)),
    targets:
      task.kind === "regression"
        ? task.targets.map((target, t) => summariseTarget(split.labels, target, t, task.targets.length))
        : [],
    classes:
      task.kind === "classification"
        ? task.classes.map((name, c) => ({ name, count: split.labels.filter((label) => label === c).length }))
        : task.kind === "multi-label"
          ? task.labels.map((name, l) => ({
              name,
              count: split.labels.filter((label, i) => label === 1 && i % task.labels.length === l).length,
            }))
          : [],
  };
}

function summariseModality(split: Split, name: string): ModalitySummary {
  const table = split.modalities[name];
  const range = { least: Infinity, most: -Infinity, zeros: 0, values: 0 };
  const steps = { least: Infinity, total: 0, most: 0 };
  let present = 0;
  for (let n = 0; table !== undefined && n < split.size; n++) {
    if (table.present[n] === 0) continue;
    present += 1;
    let real = 0;
    for (let t = n * table.steps; t < (n + 1) * table.steps; t++) {
      if (table.mask[t] !== 1) continue;
      real += 1;
      for (let i = t * table.width; i < (t + 1) * table.width; i++) {
        const value = defined(table.values[i]);
        if (value < range.least) range.least = value;
        if (value > range.most) range.most = value;
        if (value === 0) range.zeros += 1;
      }
      range.values += table.width;
    }
    steps.least = Math.min(steps.least, real);
    steps.most = Math.max(steps.most, real);
    steps.total += real;
  }
  const kinds = split.corruption?.[name]?.kind;
  return {
    name,
    missing: split.size - present,
    steps: {
      least: present === 0 ? 0 : steps.least,
      mean: steps.total / Math.max(present, 1),
      most: steps.most,
    },
    zeros: range.zeros / Math.max(range.values, 1),
    least: range.values === 0 ? 0 : range.least,
    most: range.values === 0 ? 0 : range.most,
    ...(kinds === undefined ? {} : { corruption: countKinds(kinds) }),
  };
}

function countKinds(kinds: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function summariseTarget(labels: Float32Array, name: string, target: number, targets: number): TargetSummary {
  const own = Float64Array.from(labels.filter((_, i) => i % targets === target));
  const mean = own.reduce((sum, label) => sum + label, 0) / own.length;
  const variance = own.reduce((sum, label) => sum + (label - mean) * (label - mean), 0) / own.length;
  const count = (test: (label: number) => boolean): number => own.filter(test).length;
  return {
    name,
    mean,
    std: sqrt(variance),
    least: own.reduce((least, label) => Math.min(least, label), Infinity),
    most: own.reduce((most, label) => Math.max(most, label), -Infinity),
    negative: count((label) => label < 0),
    zero: count((label) => label === 0),
    positive: count((label) => label > 0),
  };
}
