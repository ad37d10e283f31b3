import { ConfigError, DataError, MediaError } from "../core/errors.js";
import type { Dataset } from "../data/dataset.js";
import { parseEncoderConfig } from "../encoders/encoder-config.js";
import type { RunConfig } from "../runs/results.js";

/**
 * Makes sure that an encoder and the data belong together, before any work.
 * @throws DataError "data.unknown-modality" for data without token ids; MediaError "media.mismatch" for ids
 * that the encoder does not have; ConfigError "config.conflict" for options that need features
 */
export function checkEncodedRun({ encoder, train }: RunConfig, dataset: Dataset): void {
  if (!encoder) return;
  const { modality, architecture } = encoder;
  const info = dataset.modalities.find(({ name }) => name === modality);
  if (info?.width !== 1 || dataset.features?.[modality]?.adapter !== "text/tokens")
    throw new DataError("data.unknown-modality", `${dataset.name} has no token ids as its ${modality}`, {
      hint: "Make them of its texts with tokeniseDataset.",
    });
  if (train.copies.length > 0)
    throw new ConfigError("config.conflict", "corrupted copies are made of features, not of token ids", {
      hint: "Leave out --copies (and presets that have them), or train on features of a frozen encoder.",
    });
  const { vocabulary } = parseEncoderConfig(architecture, "the text encoder");
  for (const { name, modalities } of Object.values(dataset.splits)) {
    const largest = modalities[modality]?.values.reduce((most, id) => Math.max(most, id), 0) ?? 0;
    if (largest >= vocabulary)
      throw new MediaError(
        "media.mismatch",
        `the tokenizer does not belong to the text encoder: ${name} has the token ${largest}, the encoder ${vocabulary} tokens`,
        { hint: "Use the tokenizer.json that came with the encoder's weights." },
      );
  }
}
