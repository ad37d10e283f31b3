import { ConfigError } from "../core/errors.js";
import type { Dataset } from "../data/dataset.js";
import { textEncoderSchema, type TextEncoderOptions } from "../encoders/text-encoder-config.js";
import {
  encodeDataset,
  type EncodedDataset,
  readTokens,
  resolveTextEncoder,
} from "../features/encoders/encode-dataset.js";
import type { Recipe } from "../experiments/recipe.js";
import type { RunConfig } from "../runs/results.js";

/**
 * Opens the encoder that the options name, and reads the data's texts as its tokens.
 * @returns undefined where no encoder is asked for
 */
export async function withTextEncoder(
  options: Partial<TextEncoderOptions>,
  dataset: Dataset,
): Promise<EncodedDataset | undefined> {
  const { textEncoder } = options;
  if (textEncoder === undefined) return undefined;
  return encodeDataset(dataset, resolveTextEncoder({ ...options, textEncoder }));
}

/** The flag of commands that take the encoder's other options from their recipe. */
export const encoderFlag = {
  textEncoder: textEncoderSchema.shape.textEncoder.describe(
    'pretrained encoder, as for train, that reads the texts inside the models; its other options are "encoder" of the recipe, e.g. {"encoder": {"textLayers": 8, "textTrain": 4}}',
  ),
};

/**
 * The encoder that a flag names, with the options of the recipe.
 * @throws ConfigError "config.conflict" for options of a recipe without an encoder
 */
export function recipeEncoder(
  textEncoder: string | undefined,
  recipe: Recipe,
): TextEncoderOptions | undefined {
  if (textEncoder === undefined && recipe.encoder !== undefined)
    throw new ConfigError(
      "config.conflict",
      "the recipe has options of a text encoder, and no encoder is named",
      {
        hint: 'Give --text-encoder, or leave "encoder" out of the recipe.',
      },
    );
  return textEncoder === undefined ? undefined : resolveTextEncoder({ ...recipe.encoder, textEncoder });
}

/** The data as a trained model reads them: its text as tokens, where an encoder is inside. */
export async function datasetForRun(dataset: Dataset, { data, encoder }: RunConfig): Promise<Dataset> {
  const origin = encoder && data.features?.[encoder.modality];
  return origin ? await readTokens(dataset, origin.options) : dataset;
}
