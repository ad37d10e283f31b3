import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { EuarError } from "../../core/errors.js";
import type { FeatureOrigin } from "../../data/adapter-identity.js";
import { SPLIT_NAMES, type SplitName } from "../../data/dataset.js";
import { jsonLine } from "../../data/files/json-line.js";
import { copyLines } from "../../data/formats/folder-copies.js";
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
  /** Noise that was put on the media. */
  readonly noise: NoiseRequest | undefined;
}

/**
 * Writes a folder data set: `dataset.json`, a table per split, and per split and modality the features (N, T,
 * D) with their mask (N, T). Copies features from the cache sample by sample, so that memory does not grow
 * with the number of samples. Writes `dataset.json` last.
 * @throws EuarError "io.write"
 */
export async function writeDataset(folder: string, parts: DatasetParts, signal: AbortSignal): Promise<void> {
  for (const split of SPLIT_NAMES) {
    const samples = parts.samples.filter(({ sample }) => sample.split === split);
    mkdirSync(join(folder, split), { recursive: true });
    const words = new WordTimes();
    for (const modality of parts.modalities)
      await writeFeatures(join(folder, split), { modality, samples, words }, parts, signal);
    await writeWhole(
      join(folder, split, "table.jsonl"),
      samples
        .map(({ sample }) => jsonLine({ id: sample.id, text: mainText(sample) ?? "", label: sample.label }))
        .join(""),
    );
  }
  if (parts.copies.length > 0) await writeCopies(folder, parts, signal);
  await writeWhole(join(folder, "dataset.json"), `${JSON.stringify(description(parts), null, 2)}\n`);
}

/** Writes the features of the copies, and a table of what was done to each. */
async function writeCopies(folder: string, parts: DatasetParts, signal: AbortSignal): Promise<void> {
  const { copies: samples, modalities } = parts;
  const place = join(folder, COPIES);
  mkdirSync(place, { recursive: true });
  const words = new WordTimes();
  for (const modality of modalities) await writeFeatures(place, { modality, samples, words }, parts, signal);
  const rows = Int32Array.from(samples, ({ row }) => row);
  const damage = damageOfCopies(samples, modalities);
  await writeWhole(join(place, "table.jsonl"), copyLines({ rows, damage }).join(""));
}

/** Folder of the copies. */
const COPIES = "copies";

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
    throw new EuarError("io.write", `${cache.folder}: an entry that was just written has gone or changed`, {
      hint: "Let nothing else clear the cache, and run the command again.",
    });
  const features = prepareFeatures(stored, preparation, words);
  if (features.sequence.length > row.length)
    throw new EuarError("io.write", `${cache.folder}: an entry changed while the data set was written`, {
      hint: "Run the command again.",
    });
  row.set(features.sequence);
  mask.set(features.mask);
}

function description({
  name,
  kind,
  plan,
  identities,
  modalities,
  copies,
  noise,
}: DatasetParts): Record<string, unknown> {
  const files = (part: SplitName | typeof COPIES): Record<string, unknown> => ({
    features: Object.fromEntries(modalities.map((modality) => [modality, `${part}/${modality}.npy`])),
    masks: Object.fromEntries(modalities.map((modality) => [modality, `${part}/${modality}.mask.npy`])),
    table: `${part}/table.jsonl`,
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
  return {
    name,
    ...(kind && { task: { kind } }),
    splits: Object.fromEntries(SPLIT_NAMES.map((split) => [split, files(split)])),
    columns: { id: "id", text: "text", labels: "label" },
    modalities,
    features: Object.fromEntries(origins),
    ...(copies.length > 0 && { copies: files(COPIES) }),
    ...(noise && {
      noise: { specification: noise.specification, seed: noise.noise.seed, splits: noise.splits },
    }),
  };
}
