import { type Dataset, outputsOf, type Split, type SplitName } from "../data/dataset.js";
import { fixed, meanAndDeviation } from "../report/numbers.js";
import { textTable } from "../report/text-table.js";
import type { Inspection } from "./inspect-run.js";

const splitNames: readonly SplitName[] = ["train", "valid", "test"];

/** What is in a data set, without its values. */
export function inspectDataset(dataset: Dataset): Inspection {
  const { name, task, modalities, splits, notes } = dataset;
  const perSplit = splitNames.map((split) => ({ split, ...summary(splits[split], dataset) }));
  const data = { kind: "data set", name, task, modalities, splits: Object.fromEntries(perSplit.map(({ split, ...rest }) => [split, rest])), notes };
  const target = task.kind === "regression" ? `regression of ${task.targets.join(", ")}${task.range ? ` in [${task.range.join(", ")}]` : ""}` : `classification into ${task.classes.join(", ")}`;
  const sections = [
    `${name}: ${target}`,
    textTable({
      caption: "Modalities; in each split the samples that have it, and the mean number of real steps",
      columns: [{ heading: "modality" }, { heading: "width", numeric: true }, { heading: "longest", numeric: true }, ...splitNames.map((split) => ({ heading: split, numeric: true }))],
      rows: modalities.map((info) => [info.name, String(info.width), String(info.steps), ...perSplit.map(({ modalities: found }) => presence(found[info.name]))]),
    }),
    labelTable(dataset, perSplit),
    ...corruptionLines(splits.test),
    ...(notes.length === 0 ? [] : [["Notes", ...notes.map((note) => `- ${note}`)].join("\n")]),
  ];
  return { data, text: sections.join("\n\n") };
}

interface ModalityPresence {
  readonly present: number;
  readonly meanSteps: number | null;
}

interface SplitSummary {
  readonly samples: number;
  readonly modalities: Readonly<Record<string, ModalityPresence>>;
  /** Regression: per target. Classification: samples per class. */
  readonly labels: Readonly<Record<string, { mean: number; deviation: number | null; least: number; most: number } | number>>;
}

function presence(found: ModalityPresence | undefined): string {
  return found === undefined ? "none" : `${found.present} (${fixed(found.meanSteps, 1)})`;
}

function summary(split: Split, dataset: Dataset): SplitSummary {
  const found = Object.entries(split.modalities).map(([name, { present, mask }]) => {
    const count = present.reduce((sum, flag) => sum + flag, 0);
    return [name, { present: count, meanSteps: count === 0 ? null : mask.reduce((sum, flag) => sum + flag, 0) / count }] as const;
  });
  return { samples: split.size, modalities: Object.fromEntries(found), labels: labelSummary(split, dataset) };
}

function labelSummary(split: Split, { task }: Dataset): SplitSummary["labels"] {
  if (task.kind === "classification") {
    return Object.fromEntries(task.classes.map((name, c) => [name, split.labels.reduce((sum, label) => sum + (label === c ? 1 : 0), 0)]));
  }
  const width = outputsOf(task);
  const entries = task.targets.map((name, t) => {
    const values = Array.from({ length: split.size }, (_, i) => split.labels[i * width + t] ?? NaN);
    const ends = values.reduce(({ least, most }, value) => ({ least: Math.min(least, value), most: Math.max(most, value) }), { least: Infinity, most: -Infinity });
    return [name, { ...meanAndDeviation(values), ...ends }] as const;
  });
  return Object.fromEntries(entries);
}

function labelTable({ task }: Dataset, perSplit: readonly (SplitSummary & { split: SplitName })[]): string {
  const cell = (entry: SplitSummary["labels"][string] | undefined): string => {
    if (entry === undefined) return "n/a";
    return typeof entry === "number" ? String(entry) : `${fixed(entry.mean, 2)} +- ${fixed(entry.deviation, 2)} [${fixed(entry.least, 2)}, ${fixed(entry.most, 2)}]`;
  };
  const names = task.kind === "regression" ? task.targets : task.classes;
  return textTable({
    caption: task.kind === "regression" ? "Labels: mean +- deviation [least, most]" : "Samples per class",
    columns: [{ heading: task.kind === "regression" ? "target" : "class" }, ...perSplit.map(({ split, samples }) => ({ heading: `${split} (${samples})`, numeric: true }))],
    rows: names.map((name) => [name, ...perSplit.map(({ labels }) => cell(labels[name]))]),
  });
}

function corruptionLines({ corruption }: Split): string[] {
  if (!corruption) return [];
  const lines = Object.entries(corruption).map(([modality, { kind }]) => {
    const counts = new Map<string, number>();
    for (const name of kind) counts.set(name, (counts.get(name) ?? 0) + 1);
    return `- ${modality}: ${[...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${count} ${name}`).join(", ")}`;
  });
  return [["Known corruption of the test split", ...lines].join("\n")];
}
