import { DataError } from "../../core/errors.js";
import type { FeatureOrigin } from "../../data/adapter-identity.js";
import type { Dataset, ModalityInfo, ModalityTable, Split } from "../../data/dataset.js";
import type { ExtractedFeatures, FeatureExtractor } from "../feature-extractor.js";
import type { TextMedia } from "../media.js";

const done = new WeakMap<Dataset, Map<string, Dataset>>();

/**
 * The data set with the tokens of its texts in the place of a modality, or before the others where it has no
 * such modality. Made once for a data set and an identity of the tokenizer.
 * @param modality name of the modality that the tokens become
 * @throws DataError "data.empty" for a data set that keeps no texts
 */
export async function tokeniseDataset(
  dataset: Dataset,
  extractor: FeatureExtractor<TextMedia>,
  modality = "text",
): Promise<Dataset> {
  const known = done.get(dataset) ?? new Map<string, Dataset>();
  done.set(dataset, known);
  const key = JSON.stringify([extractor.identity, modality]);
  const made = known.get(key) ?? (await tokenise(dataset, extractor, modality));
  known.set(key, made);
  return made;
}

async function tokenise(
  dataset: Dataset,
  extractor: FeatureExtractor<TextMedia>,
  modality: string,
): Promise<Dataset> {
  const texts = new Map<string, ExtractedFeatures>();
  for (const { name, texts: own } of Object.values(dataset.splits)) {
    if (!own)
      throw new DataError("data.empty", `${dataset.name}: ${name} has no texts for an encoder to read`, {
        hint: "MMSA pickles keep them as raw_text; a folder names their column in dataset.json.",
      });
    for (const text of own) if (!texts.has(text)) texts.set(text, await extractor.extract({ text }));
  }
  let steps = 1;
  for (const features of texts.values()) steps = Math.max(steps, features.steps);
  const { train, valid, test } = dataset.splits;
  const withTokens = (split: Split): Split => {
    const table = tokenTable(split.texts ?? [], texts, steps);
    const others = Object.entries(split.modalities).filter(([name]) => name !== modality);
    return { ...split, modalities: { [modality]: table, ...Object.fromEntries(others) } };
  };
  const info: ModalityInfo = { name: modality, width: 1, steps };
  const origin: FeatureOrigin = {
    ...extractor.identity,
    preparation: { align: "none", steps: null, pool: "none", fps: null },
  };
  const cut = [...texts.values()].filter(({ quality }) =>
    quality.problems.some(({ code }) => code === "text.truncated"),
  ).length;
  return {
    ...dataset,
    modalities: [info, ...dataset.modalities.filter(({ name }) => name !== modality)],
    splits: { train: withTokens(train), valid: withTokens(valid), test: withTokens(test) },
    features: { ...dataset.features, [modality]: origin },
    notes: [
      ...dataset.notes,
      ...(cut > 0 ? [`warning: ${cut} texts are longer than the encoder reads and were cut off`] : []),
    ],
  };
}

function tokenTable(
  texts: readonly string[],
  features: ReadonlyMap<string, ExtractedFeatures>,
  steps: number,
): ModalityTable {
  const values = new Float32Array(texts.length * steps);
  const mask = new Uint8Array(texts.length * steps);
  const present = new Uint8Array(texts.length);
  texts.forEach((text, n) => {
    const read = features.get(text);
    if (!read?.mask.includes(1)) return;
    present[n] = 1;
    values.set(read.sequence, n * steps); // [N, T, 1]
    mask.set(read.mask, n * steps);
  });
  return { width: 1, steps, values, mask, present };
}
