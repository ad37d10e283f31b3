import { DataError } from "../../core/errors.js";
import {
  labelsPerSample,
  type ModalityTable,
  outputNames,
  SPLIT_NAMES,
  type SplitName,
  type Task,
} from "../dataset.js";
import type { TableCounts } from "./build-table.js";
import type { RawDataset, RawSplit } from "./raw-dataset.js";

/**
 * Checks that every sample of a split has finite labels.
 * @throws DataError "data.empty", "data.format", "data.invalid-value"
 */
export function checkLabels(split: RawSplit, task: Task): void {
  const count = split.ids.length;
  if (count === 0)
    throw new DataError("data.empty", `${split.place}: the split has no samples.`, {
      hint: "train, valid and test all need samples.",
    });
  const perSample = labelsPerSample(task);
  if (split.labels.length !== count * perSample) {
    throw new DataError(
      "data.format",
      `${split.place}: ${count} samples need ${count * perSample} labels, but there are ` +
        `${split.labels.length}.`,
    );
  }
  const bad = split.labels.findIndex((label) => !Number.isFinite(label));
  if (bad < 0) return;
  const sample = Math.floor(bad / perSample);
  throw new DataError(
    "data.invalid-value",
    `${split.place}: the label of sample ${sample} (id "${split.ids[sample] ?? ""}") is ` +
      `${String(split.labels[bad])}.`,
    {
      hint: "Labels must be finite numbers: remove the samples without a label, or give them one.",
    },
  );
}

/** Returns notes about what was replaced or left out in a table. */
export function describeCounts(counts: TableCounts, table: ModalityTable, place: string): string[] {
  const notes: string[] = [];
  const missing = table.present.reduce((sum, here) => sum + (here === 0 ? 1 : 0), 0);
  if (counts.replaced > 0) {
    const share = (100 * counts.replaced) / Math.max(1, counts.values);
    notes.push(
      `${place}: ${counts.replaced} NaN or infinite values were read as 0 (${share.toPrecision(2)}% of all)`,
    );
  }
  if (counts.empty > 0)
    notes.push(`${place}: ${counts.empty} samples have no real step and count as missing`);
  if (missing > counts.empty) notes.push(`${place}: ${missing - counts.empty} samples are marked as missing`);
  if (counts.lengthMismatches > 0)
    notes.push(
      `${place}: ${counts.lengthMismatches} stated lengths are longer than the sequences; the zero ` +
        "rows were used instead",
    );
  if (counts.filledPadding > 0)
    notes.push(
      `${place}: ${counts.filledPadding} samples have rows that are not zero beyond their stated ` +
        "length; they count as padding",
    );
  return notes;
}

/** Returns warnings about labels that a model cannot learn from. */
export function labelNotes({ task, splits }: RawDataset): string[] {
  const { labels } = splits.train;
  if (task.kind === "classification") {
    const learnt = new Set(labels);
    const absent = task.classes.filter((_, c) => !learnt.has(c));
    return absent.length === 0 ? [] : [`warning: train has no sample of ${absent.slice(0, 20).join(", ")}`];
  }
  const names = outputNames(task);
  const width = names.length;
  const constant = names.filter((_, t) => labels.every((label, i) => i % width !== t || label === labels[t]));
  return constant.length === 0 || labels.length <= width
    ? []
    : [`warning: every label of train is the same: ${constant.slice(0, 20).join(", ")}`];
}

/**
 * Returns warnings about ids that occur twice. With an id in two splits, a model may be tested on a training
 * sample.
 */
export function duplicateIds(raw: RawDataset): string[] {
  const home = new Map<string, SplitName>();
  const shared = new Map<string, number>();
  for (const name of SPLIT_NAMES) {
    for (const id of raw.splits[name].ids) {
      const other = home.get(id);
      if (other === undefined) home.set(id, name);
      else {
        const pair = other === name ? `twice in ${name}` : `in both ${other} and ${name}`;
        shared.set(pair, (shared.get(pair) ?? 0) + 1);
      }
    }
  }
  return [...shared].map(([pair, count]) => `warning: ${count} ids appear ${pair}`);
}
