import { defined } from "../../core/defined.js";
import { DataError } from "../../core/errors.js";
import type { FeatureOrigin } from "../../data/adapter-identity.js";
import type { Dataset, ModalityInfo, ModalityTable, Split, SplitName, TokenIds } from "../../data/dataset.js";
import type { ExtractedFeatures, FeatureExtractor } from "../feature-extractor.js";
import type { TextMedia } from "../media.js";

const OWN_IDS =
  "warning: the file has token ids and no texts; they are used unchanged, so the encoder must have the " +
  "tokenizer that made them";

const done = new WeakMap<Dataset, Map<string, Dataset>>();

/**
 * Replaces a modality by the tokens of the texts. If the data set does not have the modality, the tokens
 * become the first one. Without texts, uses the token ids of the source. Runs once per data set and identity
 * of the tokenizer.
 * @param modality name of the modality that the tokens become
 * @throws DataError "data.empty" for a data set without texts and token ids
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
  const maxTokens = Number(extractor.identity.options["maxTokens"] ?? Infinity);
  const texts = new Map<string, ExtractedFeatures>();
  const tables = new Map<SplitName, TokenIds>();
  let cut = 0;
  for (const split of Object.values(dataset.splits)) {
    if (split.texts) tables.set(split.name, await readTexts(split.texts, texts, extractor));
    else if (split.tokens) {
      const kept = cutTokens(split.tokens, maxTokens);
      tables.set(split.name, kept.tokens);
      cut += kept.cut;
    } else
      throw new DataError(
        "data.empty",
        `${dataset.name}: ${split.name} has no texts for an encoder to read`,
        {
          hint:
            "MMSA pickles keep them as raw_text or text_bert; a folder names their column in " +
            "dataset.json.",
        },
      );
  }
  const steps = Math.max(1, ...[...tables.values()].map((table) => table.steps));
  for (const { quality } of texts.values())
    if (quality.problems.some(({ code }) => code === "text.truncated")) cut++;
  const { train, valid, test } = dataset.splits;
  const withTokens = (split: Split): Split => {
    const table = padded(defined(tables.get(split.name)), split.size, steps);
    const others = Object.entries(split.modalities).filter(([name]) => name !== modality);
    return { ...split, modalities: { [modality]: table, ...Object.fromEntries(others) } };
  };
  const info: ModalityInfo = { name: modality, width: 1, steps };
  const origin: FeatureOrigin = {
    ...extractor.identity,
    preparation: { align: "none", steps: null, pool: "none", fps: null },
  };
  const others = { ...dataset };
  delete others.copies; // they are features, not token ids
  return {
    ...others,
    modalities: [info, ...dataset.modalities.filter(({ name }) => name !== modality)],
    splits: { train: withTokens(train), valid: withTokens(valid), test: withTokens(test) },
    features: { ...dataset.features, [modality]: origin },
    notes: [
      ...dataset.notes,
      ...(train.texts ? [] : [OWN_IDS]),
      ...(cut > 0 ? [`warning: ${cut} texts are longer than the encoder reads and were cut off`] : []),
    ],
  };
}

/** @param texts features of earlier texts, by text */
async function readTexts(
  own: readonly string[],
  texts: Map<string, ExtractedFeatures>,
  extractor: FeatureExtractor<TextMedia>,
): Promise<TokenIds> {
  let steps = 1;
  for (const text of own) {
    const read = texts.get(text) ?? (await extractor.extract({ text }));
    texts.set(text, read);
    steps = Math.max(steps, read.steps);
  }
  const ids = new Int32Array(own.length * steps);
  const mask = new Uint8Array(own.length * steps);
  own.forEach((text, n) => {
    const read = texts.get(text);
    if (!read?.mask.includes(1)) return;
    ids.set(read.sequence, n * steps); // [N, T]
    mask.set(read.mask, n * steps);
  });
  return { steps, ids, mask };
}

/** Shortens texts of more than `most` tokens, and counts them. Keeps their last token, which ends a text. */
function cutTokens(
  { steps, ids, mask }: TokenIds,
  most: number,
): { readonly tokens: TokenIds; readonly cut: number } {
  const kept = mask.slice();
  let cut = 0;
  for (let start = 0; start < kept.length; start += steps) {
    const places = Array.from({ length: steps }, (_, t) => start + t).filter((at) => mask[at] === 1);
    if (places.length <= most) continue;
    cut++;
    for (const at of places.slice(most - 1, -1)) kept[at] = 0;
  }
  return { tokens: { steps, ids, mask: kept }, cut };
}

/** Returns the tokens as a modality of `steps` steps. */
function padded({ steps: own, ids, mask: real }: TokenIds, size: number, steps: number): ModalityTable {
  const values = new Float32Array(size * steps);
  const mask = new Uint8Array(size * steps);
  const present = new Uint8Array(size);
  for (let n = 0; n < size; n++) {
    const [start, end] = [n * own, (n + 1) * own];
    if (!real.subarray(start, end).includes(1)) continue;
    present[n] = 1;
    mask.set(real.subarray(start, end), n * steps);
    values.set(ids.subarray(start, end), n * steps); // [N, T, 1]
  }
  return { width: 1, steps, values, mask, present };
}
