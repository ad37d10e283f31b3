import { DataError } from "../core/errors.js";
import { isRecord } from "../core/is-record.js";
import { shown } from "../core/check-options.js";
import { checkCopyRows, checkQuality } from "./check-copies.js";
import {
  type DamagedCopies,
  type Dataset,
  labelsPerSample,
  type ModalityTable,
  type Split,
  type Task,
  SPLIT_NAMES,
  TASK_KINDS,
} from "./dataset.js";
import { requireUsableNames } from "./modality-names.js";

/**
 * Checks that the columns of a data set agree with each other: every split must have the number of ids,
 * labels, masks and values that its size, steps and widths state. Checks the values of labels, but not those
 * of features.
 * @param what name of the calling function, for messages
 * @throws DataError "data.format", "data.width-mismatch" or "data.invalid-value" naming the split and the
 * modality
 */
export function checkDataset(dataset: unknown, what: string): asserts dataset is Dataset {
  if (!isRecord(dataset) || !isRecord(dataset["task"]) || !isRecord(dataset["splits"]))
    throw new DataError("data.format", `${what}: a data set was expected, got ${shown(dataset)}`, {
      hint: "Give what loadDataset or generateSynthetic returns.",
    });
  const { task, splits, modalities, copies } = dataset as unknown as Dataset;
  if (!TASK_KINDS.includes(task.kind) || !Array.isArray(modalities))
    throw new DataError("data.format", `${what}: the data set has no known task or no list of modalities`);
  requireUsableNames(
    modalities.map(({ name }: { readonly name: string }) => name),
    what,
  );
  for (const name of SPLIT_NAMES) {
    const split: unknown = splits[name];
    if (!isRecord(split) || !isRecord(split["modalities"]))
      throw new DataError("data.format", `${what}: the data set has no split "${name}"`);
    checkSplit(split as unknown as Split, dataset as unknown as Dataset, `${what}: ${name}`);
  }
  if (copies !== undefined) checkCopies(copies, dataset as unknown as Dataset, `${what}: copies`);
}

function checkCopies(copies: unknown, { modalities, splits }: Dataset, place: string): void {
  if (!isRecord(copies) || !isRecord(copies["modalities"]) || !isRecord(copies["damage"]))
    throw new DataError("data.format", `${place}: corrupted copies were expected, got ${shown(copies)}`, {
      hint: "Give { size, rows, modalities, damage }, or no copies.",
    });
  const { size, rows, damage, modalities: tables, quality } = copies as unknown as DamagedCopies;
  const names = modalities.map(({ name }) => name);
  checkCopyRows({ size, rows, damage }, { trainSize: splits.train.size, names }, place);
  for (const info of modalities) {
    const where = `${place}, modality "${info.name}"`;
    const table: unknown = Object.hasOwn(tables, info.name) ? tables[info.name] : undefined;
    if (!isRecord(table)) throw new DataError("data.format", `${place}: there is no modality "${info.name}"`);
    checkTable(table as unknown as ModalityTable, size, info.width, where);
    const steps = splits.train.modalities[info.name]?.steps;
    if (table["steps"] !== steps)
      throw new DataError(
        "data.width-mismatch",
        `${where}: ${shown(table["steps"])} steps, but ${String(steps)} in the training split`,
        { hint: "Pad copies to the length of the training sequences." },
      );
    checkQuality(quality?.[info.name], info.quality, size, where);
  }
}

function checkSplit(split: Split, { task, modalities }: Dataset, place: string): void {
  const { size, ids, labels } = split;
  const perSample = labelsPerSample(task);
  if (!Number.isSafeInteger(size) || size < 0)
    throw new DataError("data.format", `${place}: the size is ${shown(size)}, expected a whole number`);
  requireLength(ids, size, `${place}: ids`);
  requireLength(labels, size * perSample, `${place}: labels`);
  const { isLabel, expected } = labelRule(task);
  const bad = labels.findIndex((label) => !isLabel(label));
  if (bad >= 0)
    throw new DataError("data.invalid-value", `${place}: label ${bad} is ${String(labels[bad])}`, {
      hint: `${expected}.`,
    });
  for (const { name, width, quality: measures } of modalities) {
    const table: unknown = Object.hasOwn(split.modalities, name) ? split.modalities[name] : undefined;
    if (!isRecord(table)) throw new DataError("data.format", `${place}: there is no modality "${name}"`);
    checkTable(table as unknown as ModalityTable, size, width, `${place}, modality "${name}"`);
    if (measures !== undefined)
      checkQuality(split.quality?.[name], measures, size, `${place}, modality "${name}"`);
  }
}

function labelRule(task: Task): { readonly isLabel: (label: number) => boolean; readonly expected: string } {
  if (task.kind === "regression")
    return { isLabel: Number.isFinite, expected: "Labels must be finite numbers" };
  if (task.kind === "multi-label")
    return {
      isLabel: (label) => label === 0 || label === 1,
      expected: "Labels must be 0 for absent or 1 for present",
    };
  const classes = task.classes.length;
  return {
    isLabel: (label) => label >= 0 && label < classes && label % 1 === 0,
    expected: `Labels are indices below ${classes}`,
  };
}

function checkTable(table: ModalityTable, size: number, width: number, place: string): void {
  const { steps, values, mask, present } = table;
  if (table.width !== width || !Number.isSafeInteger(steps) || steps < 1)
    throw new DataError(
      "data.width-mismatch",
      `${place}: ${shown(table.width)} features and ${shown(steps)} steps, expected ${width} and at least 1`,
    );
  requireLength(values, size * steps * width, `${place}: values`);
  requireLength(mask, size * steps, `${place}: mask`);
  requireLength(present, size, `${place}: present`);
}

function requireLength(list: unknown, expected: number, place: string): void {
  const length = Array.isArray(list) || isNumbers(list) ? list.length : undefined;
  if (length === expected) return;
  throw new DataError(
    "data.width-mismatch",
    `${place}: ${expected} entries were expected, got ${length === undefined ? shown(list) : length}`,
    { hint: "Values are [N, T, D], masks [N, T], presences and ids [N], labels [N, targets]." },
  );
}

function isNumbers(value: unknown): value is Float32Array | Uint8Array {
  return value instanceof Float32Array || value instanceof Uint8Array;
}
