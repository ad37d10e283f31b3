import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DataError, EuarError } from "../../core/errors.js";
import {
  type DamagedCopies,
  type Dataset,
  type ModalityTable,
  outputsOf,
  type Split,
  SPLIT_NAMES,
  type SplitName,
} from "../dataset.js";
import { writeFile, writing } from "../files/write-file.js";
import { mapSplits } from "./raw-dataset.js";
import type { SplitFiles } from "./description.js";
import { copyLines, damageCells } from "./folder-copies.js";
import { NpyWriter } from "./npy-writer.js";

/** Folder of the corrupted copies. */
const COPIES = "copies";

/**
 * Writes a data set as a folder that `loadDataset` reads back to the same bits: `dataset.json`, and for each
 * split features (N, T, D) with masks (N, T), labels, measured quality (N, Q), and a table of ids and texts.
 * The tables also state the known corruption of each sample. Writes corrupted copies in the same way.
 * @param folder an existing, empty folder
 * @throws DataError "data.invalid-value" for a feature that is not finite; EuarError "io.write"; the signal's
 * reason if it aborts
 */
export async function writeFolder(folder: string, dataset: Dataset, signal: AbortSignal): Promise<void> {
  const names = fileNames(dataset);
  for (const name of SPLIT_NAMES) {
    const split = dataset.splits[name];
    writing(folder, () => {
      mkdirSync(join(folder, name));
    });
    for (const [modality, file] of names) {
      const table = split.modalities[modality];
      if (table === undefined) throw new EuarError("internal", `${name} has no table of ${modality}`);
      writeTable(join(folder, name), file, table, split, modality);
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      signal.throwIfAborted();
    }
    writeRows(join(folder, name, "labels.npy"), "<f4", labelShape(dataset, split), [split.labels]);
    const rows = split.ids.map(
      (id, n) =>
        `${JSON.stringify({
          id,
          ...(split.texts && { text: split.texts[n] ?? "" }),
          ...(split.corruption && damageCells(split.corruption, n)),
        })}\n`,
    );
    writeFile(join(folder, name, "table.jsonl"), rows.join(""));
    writeQuality(join(folder, name), names, split.quality);
  }
  if (dataset.copies) await writeCopies(folder, dataset.copies, names, signal);
  writeFile(join(folder, "dataset.json"), `${JSON.stringify(descriptionOf(dataset, names), null, 2)}\n`);
}

/** Writes corrupted copies: features, masks, quality, and a table of the corruptions. */
async function writeCopies(
  folder: string,
  copies: DamagedCopies,
  names: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const place = join(folder, COPIES);
  writing(folder, () => {
    mkdirSync(place);
  });
  const ids = Array.from(copies.rows, (row) => `copy of ${row}`);
  for (const [modality, file] of names) {
    const table = copies.modalities[modality];
    if (table === undefined) throw new EuarError("internal", `the copies have no table of ${modality}`);
    writeTable(place, file, table, { size: copies.size, ids, name: COPIES }, modality);
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    signal.throwIfAborted();
  }
  writeQuality(place, names, copies.quality);
  writeFile(join(place, "table.jsonl"), copyLines(copies).join(""));
}

/** Writes measured quality, (N, Q), of each modality that has it. */
function writeQuality(
  folder: string,
  names: ReadonlyMap<string, string>,
  quality: Split["quality"] = {},
): void {
  for (const [modality, { names: measures, values }] of Object.entries(quality)) {
    const file = names.get(modality);
    if (file === undefined) continue;
    const count = values.length / measures.length;
    writeRows(join(folder, `${file}.quality.npy`), "<f4", [count, measures.length], [values]);
  }
}

/** Returns a file name for each modality: the modality's name if it is a plain word. */
function fileNames({ modalities }: Dataset): ReadonlyMap<string, string> {
  return new Map(
    modalities.map(({ name }, m) => [
      name,
      /^[a-z][a-z0-9_]*$/.test(name) && name !== "labels" ? name : `modality-${m + 1}`,
    ]),
  );
}

function labelShape({ task }: Dataset, { size }: Split): number[] {
  return task.kind === "classification" ? [size] : [size, outputsOf(task)];
}

/** Writes a modality of a split. Padding and missing modalities become zeros, as they are read. */
function writeTable(
  folder: string,
  file: string,
  { width, steps, values, mask, present }: ModalityTable,
  { size, ids, name }: Pick<Split, "size" | "ids"> & { readonly name: string },
  modality: string,
): void {
  const masks = mask.map((real, step) => (present[Math.floor(step / steps)] === 0 ? 0 : real));
  const row = new Float32Array(steps * width);
  const rows = function* (): Generator<Float32Array> {
    for (let n = 0; n < size; n++) {
      row.set(values.subarray(n * row.length, (n + 1) * row.length));
      for (let t = 0; t < steps; t++) if (masks[n * steps + t] !== 1) row.fill(0, t * width, (t + 1) * width);
      if (!row.every(Number.isFinite)) {
        throw new DataError(
          "data.invalid-value",
          `${name}, sample ${n} (id "${ids[n] ?? ""}"): a feature of "${modality}" is not finite and ` +
            "cannot be written.",
          { hint: "Use less noise: float32 ends near 3.4e38." },
        );
      }
      yield row;
    }
  };
  writeRows(join(folder, `${file}.npy`), "<f4", [size, steps, width], rows());
  writeRows(join(folder, `${file}.mask.npy`), "|u1", [size, steps], [masks]);
}

function writeRows(
  path: string,
  code: "<f4" | "|u1",
  shape: readonly number[],
  rows: Iterable<Float32Array | Uint8Array>,
): void {
  const writer = new NpyWriter(path, code, shape);
  try {
    for (const row of rows) writer.row(row);
    writer.finish();
  } catch (error) {
    writer.discard();
    throw error;
  }
}

function descriptionOf(
  { name, task, modalities, splits, copies, features, noise, corruption }: Dataset,
  names: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const measured = modalities.flatMap(({ name: modality, quality }) =>
    quality ? [[modality, [...quality]] as const] : [],
  );
  const featureFiles = (part: string): Pick<SplitFiles, "features" | "masks" | "quality"> => ({
    features: Object.fromEntries([...names].map(([modality, file]) => [modality, `${part}/${file}.npy`])),
    masks: Object.fromEntries([...names].map(([modality, file]) => [modality, `${part}/${file}.mask.npy`])),
    ...(measured.length > 0 && {
      quality: Object.fromEntries(
        measured.map(([modality]) => [modality, `${part}/${names.get(modality) ?? ""}.quality.npy`]),
      ),
    }),
  });
  const files = (split: SplitName): SplitFiles => ({
    ...featureFiles(split),
    labels: `${split}/labels.npy`,
    table: `${split}/table.jsonl`,
    ...damageOf(splits[split]),
  });
  const hasTexts = SPLIT_NAMES.every((split) => splits[split].texts !== undefined);
  return {
    name,
    // labels of a multi-label task are written as 0 and 1
    task: task.kind === "multi-label" ? { kind: task.kind, labels: task.labels } : task,
    splits: mapSplits(files),
    columns: { id: "id", ...(hasTexts && { text: "text" }) },
    modalities: modalities.map((modality) => modality.name),
    ...(measured.length > 0 && { quality: Object.fromEntries(measured) }),
    ...(copies && { copies: { ...featureFiles(COPIES), table: `${COPIES}/table.jsonl` } }),
    ...(features && { features }),
    ...(noise && { noise }),
    ...(corruption && { corruption }),
  };
}

/** Names the modalities whose corruption the table of a split states. */
function damageOf({ corruption = {} }: Split): Pick<SplitFiles, "damage"> {
  const names = Object.keys(corruption);
  return names.length > 0 ? { damage: names } : {};
}
