import { ConfigError, DataError, MediaError } from "../core/errors.js";
import type { Dataset } from "../data/dataset.js";
import { parseEncoderConfig } from "../encoders/encoder-config.js";
import type { RunConfig } from "../runs/results.js";

/**
 * Checks that the text encoder fits the data before any work is done.
 * @throws DataError "data.unknown-modality" if the data has no token ids
 * @throws MediaError "media.mismatch" if a token id is outside the encoder's vocabulary
 * @throws ConfigError "config.conflict" for options that need features
 */
export function checkEncodedRun({ encoder, train }: RunConfig, dataset: Dataset): void {
  if (!encoder) return;
  const { modality, architecture } = encoder;
  const info = dataset.modalities.find(({ name }) => name === modality);
  if (info?.width !== 1 || dataset.features?.[modality]?.adapter !== "text/tokens")
    throw new DataError("data.unknown-modality", `${dataset.name}: modality "${modality}" has no token ids`, {
      hint: "Tokenise its texts with tokeniseDataset.",
    });
  if (train.copies.length > 0)
    throw new ConfigError(
      "config.conflict",
      "corrupted copies need features, but this run trains on token ids",
      {
        hint: "Leave out --copies (and presets that set it), or train on features of a frozen encoder.",
      },
    );
  const { vocabulary } = parseEncoderConfig(architecture, "the text encoder");
  for (const { name, modalities } of Object.values(dataset.splits)) {
    const largest = modalities[modality]?.values.reduce((most, id) => Math.max(most, id), 0) ?? 0;
    if (largest >= vocabulary)
      throw new MediaError(
        "media.mismatch",
        `the tokenizer does not fit the text encoder: ${name} has the token id ${largest}, ` +
          `the encoder has ${vocabulary} tokens`,
        { hint: "Use the tokenizer.json that came with the encoder's weights." },
      );
  }
}
