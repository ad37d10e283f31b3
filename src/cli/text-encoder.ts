import { ConfigError } from "../core/errors.js";
import type { Dataset } from "../data/dataset.js";
import { encoderFolder } from "../encoders/encoder-folder.js";
import { type OpenedEncoder, openEncoder } from "../encoders/open-encoder.js";
import { textEncoderSchema, type TextEncoderOptions } from "../encoders/text-encoder-config.js";
import { encodeDataset, readTokens, resolveTextEncoder } from "../features/encoders/encode-dataset.js";
import type { Recipe } from "../experiments/recipe.js";
import type { RunConfig } from "../runs/results.js";

/**
 * Opens the encoder that the options name, and tokenises the texts of the data set with it.
 * @returns undefined if no encoder is given
 */
export async function withTextEncoder(
  options: Partial<TextEncoderOptions>,
  dataset: Dataset,
): Promise<{ readonly dataset: Dataset; readonly encoder: OpenedEncoder } | undefined> {
  const { textEncoder } = options;
  if (textEncoder === undefined) return undefined;
  const resolved = resolveTextEncoder({ ...options, textEncoder });
  const encoder = openEncoder(encoderFolder(resolved.textEncoder), resolved);
  return { dataset: await encodeDataset(dataset, encoder), encoder };
}

/** Flag of commands that take the encoder's other options from the recipe. */
export const encoderFlag = {
  textEncoder: textEncoderSchema.shape.textEncoder.describe(
    "pretrained text encoder (as for train) to run inside the models; its other options are in " +
      '"encoder" of the recipe, e.g. {"encoder": {"textLayers": 8, "textTrain": 4}}',
  ),
};

/**
 * Returns the encoder that a flag names, with the options of the recipe.
 * @throws ConfigError "config.conflict" for encoder options of a recipe without an encoder
 */
export function recipeEncoder(
  textEncoder: string | undefined,
  recipe: Recipe,
): TextEncoderOptions | undefined {
  if (textEncoder === undefined && recipe.encoder !== undefined)
    throw new ConfigError(
      "config.conflict",
      "the recipe has options of a text encoder, but no encoder is given",
      {
        hint: 'Give --text-encoder, or leave "encoder" out of the recipe.',
      },
    );
  return textEncoder === undefined ? undefined : resolveTextEncoder({ ...recipe.encoder, textEncoder });
}

/**
 * Returns the data as a trained model reads them. If the model contains an encoder, its text becomes tokens.
 */
export async function datasetForRun(dataset: Dataset, { data, encoder }: RunConfig): Promise<Dataset> {
  const origin = encoder && data.features?.[encoder.modality];
  return origin ? await readTokens(dataset, origin.options) : dataset;
}
