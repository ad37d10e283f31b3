import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { EuarError } from "../../core/errors.js";
import type { FeatureOrigin } from "../../data/adapter-identity.js";
import { SPLIT_NAMES } from "../../data/dataset.js";
import { jsonLine } from "../../data/files/json-line.js";
import { copyLines, damageCells } from "../../data/formats/folder-copies.js";
import { NpyWriter } from "../../data/formats/npy-writer.js";
import { writeWhole } from "../../data/formats/write-whole.js";
import { prepareFeatures } from "../align/prepare-features.js";
import { FeatureCache } from "../feature-cache.js";
import type { Word } from "../media.js";
import { damageOfCopies } from "./copies.js";
import type { LabelKind } from "./labels.js";
import type { MadeCopy, MadeSample } from "./made-sample.js";
import type { NoiseRequest } from "./media-noise.js";
import type { ExtractPlan, Identities, ModalityPlan } from "./plan.js";
import { type QualityMeasures, qualityMeasures, writeQuality } from "./quality-columns.js";
import { mainText } from "./sample-media.js";
import { WordTimes } from "./word-times.js";

export interface DatasetParts {
  readonly name: string;
  /** Undefined if the labels are numbers and no task was requested. */
  readonly kind: LabelKind | undefined;
  readonly plan: ExtractPlan;
  readonly identities: Identities;
  /** Modalities of the data set. */
  readonly modalities: readonly string[];
  readonly samples: readonly MadeSample[];
  /** Corrupted copies of training samples. */
  readonly copies: readonly MadeCopy[];
  /** Corrupted copies of test samples. */
  readonly testCopies: readonly MadeCopy[];
  /** Noise on the media. */
  readonly noise: NoiseRequest | undefined;
}

/** Description of the data set whose test split is the corrupted copies of the test samples. */
export const DAMAGED_FILE = "damaged.json";

/**
 * Writes a folder data set: `dataset.json`, a table per split, and per split and modality the features (N, T,
 * D) with their mask (N, T) and the measured quality (N, Q). Copies features from the cache sample by sample,
 * so that memory does not grow with the number of samples. Writes `dataset.json` last. With copies of test
 * samples, `damaged.json` describes the same data set with these copies as its test split.
 * @throws EuarError "io.write"
 */
export async function writeDataset(folder: string, parts: DatasetParts, signal: AbortSignal): Promise<void> {
  const measures = qualityMeasures(parts);
  const write = (place: string, samples: readonly MadeSample[]): Promise<void> =>
    writePart(join(folder, place), samples, { parts, measures, signal });
  for (const split of SPLIT_NAMES) {
    const samples = parts.samples.filter(({ sample }) => sample.split === split);
    await write(split, samples);
    await writeWhole(join(folder, split, TABLE), samples.map((one) => jsonLine(cellsOf(one))).join(""));
  }
  const { copies, testCopies, modalities } = parts;
  if (copies.length > 0) {
    await write(COPIES, copies);
    const rows = Int32Array.from(copies, ({ row }) => row);
    const damage = damageOfCopies(copies, modalities);
    await writeWhole(join(folder, COPIES, TABLE), copyLines({ rows, damage }).join(""));
  }
  if (testCopies.length > 0) {
    await write(DAMAGED, testCopies);
    const damage = damageOfCopies(testCopies, modalities);
    const lines = testCopies.map((one, row) => jsonLine({ ...cellsOf(one), ...damageCells(damage, row) }));
    await writeWhole(join(folder, DAMAGED, TABLE), lines.join(""));
    await writeWhole(join(folder, DAMAGED_FILE), descriptionText(parts, measures, DAMAGED));
  } else rmSync(join(folder, DAMAGED_FILE), { force: true }); // of an earlier extraction
  await writeWhole(join(folder, "dataset.json"), descriptionText(parts, measures, "test"));
}

/** Folders of the copies of training samples, and of test samples. */
const COPIES = "copies";
const DAMAGED = "damaged";
const TABLE = "table.jsonl";

/** Returns the cells of a sample in the table of its split. */
function cellsOf({ sample }: MadeSample): { id: string; text: string; label: string } {
  return { id: sample.id, text: mainText(sample) ?? "", label: sample.label };
}

/** Writes the features, masks and quality of some samples. */
async function writePart(
  place: string,
  samples: readonly MadeSample[],
  { parts, measures, signal }: { parts: DatasetParts; measures: QualityMeasures; signal: AbortSignal },
): Promise<void> {
  mkdirSync(place, { recursive: true });
  const words = new WordTimes();
  for (const modality of parts.modalities) {
    await writeFeatures(place, { modality, samples, words }, parts, signal);
    writeQuality(join(place, `${modality}.quality.npy`), samples, modality, measures[modality] ?? []);
  }
}

/** Content of one pair of files. */
interface SplitModality {
  readonly modality: string;
  readonly samples: readonly MadeSample[];
  readonly words: WordTimes;
}

async function writeFeatures(
  folder: string,
  { modality, samples, words }: SplitModality,
  { plan, identities }: DatasetParts,
  signal: AbortSignal,
): Promise<void> {
  const recipe = plan.modalities.find((entry) => entry.modality === modality);
  const width = identities[modality]?.width;
  if (recipe === undefined || width === undefined)
    throw new EuarError("internal", `nothing makes the modality "${modality}"`);
  const results = samples.map(({ made }) =>
    made.find((result) => result.modality === modality && result.usable),
  );
  const steps = results.reduce((most, result) => Math.max(most, result?.steps ?? 1), 1);
  const values = new NpyWriter(join(folder, `${modality}.npy`), "<f4", [samples.length, steps, width]);
  const masks = new NpyWriter(join(folder, `${modality}.mask.npy`), "|u1", [samples.length, steps]);
  const cache = new FeatureCache(plan.cache);
  try {
    for (const [i, { sample }] of samples.entries()) {
      signal.throwIfAborted();
      const row = new Float32Array(steps * width); // [T, D]
      const mask = new Uint8Array(steps);
      const result = results[i];
      if (result !== undefined) {
        const own = recipe.preparation.align === "word" ? await words.of(sample) : [];
        fillRow(cache, result.key, recipe, own, row, mask);
      }
      values.row(row);
      masks.row(mask);
    }
    values.finish();
    masks.finish();
  } catch (error) {
    values.discard();
    masks.discard();
    throw error;
  }
}

function fillRow(
  cache: FeatureCache,
  key: string,
  { preparation }: ModalityPlan,
  words: readonly Word[],
  row: Float32Array,
  mask: Uint8Array,
): void {
  const stored = cache.read(key);
  if (stored === undefined)
    throw new EuarError(
      "io.write",
      `${cache.folder}: an entry that was just written is missing or has changed`,
      {
        hint: "Make sure that no other program clears the cache, and run the command again.",
      },
    );
  const features = prepareFeatures(stored, preparation, words);
  if (features.sequence.length > row.length)
    throw new EuarError("io.write", `${cache.folder}: an entry changed while the data set was written`, {
      hint: "Run the command again.",
    });
  row.set(features.sequence);
  mask.set(features.mask);
}

function descriptionText(
  { name, kind, plan, identities, modalities, copies, noise }: DatasetParts,
  measures: QualityMeasures,
  test: "test" | typeof DAMAGED,
): string {
  const each = (part: string, ending: string): Record<string, string> =>
    Object.fromEntries(modalities.map((modality) => [modality, `${part}/${modality}.${ending}`]));
  const files = (part: string): Record<string, unknown> => ({
    features: each(part, "npy"),
    masks: each(part, "mask.npy"),
    quality: each(part, "quality.npy"),
    table: `${part}/${TABLE}`,
  });
  const origins = modalities.map((modality): [string, FeatureOrigin | undefined] => {
    const identity = identities[modality];
    return [
      modality,
      identity && {
        ...identity,
        preparation: plan.modalities.find((entry) => entry.modality === modality)?.preparation,
      },
    ];
  });
  const splits = {
    train: files("train"),
    valid: files("valid"),
    test: test === DAMAGED ? { ...files(test), damage: modalities } : files(test),
  };
  const described = {
    name,
    ...(kind && { task: { kind } }),
    splits,
    columns: { id: "id", text: "text", labels: "label" },
    modalities,
    quality: measures,
    features: Object.fromEntries(origins),
    ...(copies.length > 0 && { copies: files(COPIES) }),
    ...(noise && {
      noise: { specification: noise.specification, seed: noise.noise.seed, splits: noise.splits },
    }),
  };
  return `${JSON.stringify(described, null, 2)}\n`;
}
