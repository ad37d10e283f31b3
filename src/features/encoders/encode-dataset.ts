import { DataError } from "../../core/errors.js";
import type { Dataset } from "../../data/dataset.js";
import { longestText } from "../../encoders/encoder-config.js";
import { encoderFolder } from "../../encoders/encoder-folder.js";
import type { OpenedEncoder } from "../../encoders/open-encoder.js";
import { type TextEncoderOptions, textEncoderOptions } from "../../encoders/text-encoder-config.js";
import { nodeEnvironment } from "../node-environment.js";
import { createExtractor } from "../registry.js";
import { tokeniseDataset } from "../text/tokenise-dataset.js";

/**
 * Adds the defaults to the options of a text encoder, and replaces its name by its folder.
 * @throws MediaError "media.not-found" if there is no such encoder
 * @throws ZodError for options out of range
 */
export function resolveTextEncoder({
  textEncoder,
  ...options
}: Partial<TextEncoderOptions> & { readonly textEncoder: string }): TextEncoderOptions {
  return textEncoderOptions(encoderFolder(textEncoder).name, options);
}

/**
 * Reads the data's texts as tokens of an encoder.
 * @param encoder opened from the folder that {@link resolveTextEncoder} returns
 * @throws MediaError for a tokenizer that cannot be used
 * @throws DataError for data without texts
 */
export async function encodeDataset(
  dataset: Dataset,
  { record: { options }, checkpoint: { shape } }: OpenedEncoder,
): Promise<Dataset> {
  requireVocabulary(dataset, shape.vocabulary);
  const maxTokens = Math.min(options.textMaxTokens, longestText(shape));
  return await readTokens(dataset, { folder: options.textEncoder, maxTokens });
}

/** @throws DataError "data.invalid-value" for token ids of the source that the encoder does not have */
function requireVocabulary(dataset: Dataset, vocabulary: number): void {
  for (const { name, ids, tokens } of Object.values(dataset.splits)) {
    const at = tokens?.ids.findIndex((id) => id >= vocabulary) ?? -1;
    if (!tokens || at < 0) continue;
    throw new DataError(
      "data.invalid-value",
      `${dataset.name}: ${name}: sample ${ids[Math.floor(at / tokens.steps)] ?? ""} has the token id ` +
        `${tokens.ids[at] ?? ""}, but the encoder has ${vocabulary} tokens`,
      {
        hint: "Give the encoder whose tokenizer made the ids (MMSA: bert-base-uncased), or data with texts.",
      },
    );
  }
}

/** Returns the data set with tokens of `text/tokens` as its text. */
export async function readTokens(
  dataset: Dataset,
  options: Readonly<Record<string, unknown>>,
): Promise<Dataset> {
  const extractor = await createExtractor("text", { adapter: "text/tokens", options }, nodeEnvironment);
  try {
    return await tokeniseDataset(dataset, extractor);
  } finally {
    extractor.close();
  }
}
