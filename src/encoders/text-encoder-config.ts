import { z } from "zod";
import { LARGEST_MAX_TOKENS } from "./token-limit.js";
import { loraTargets } from "./lora.js";
import { textPoolings } from "./pool-texts.js";

/** Options of a pretrained encoder inside the model, and of the training of its parts. */
export const textEncoderSchema = z.strictObject({
  textEncoder: z
    .string()
    .min(1)
    .optional()
    .describe(
      "pretrained encoder that reads the texts, instead of the text features: a folder (config.json, " +
        "model.safetensors, tokenizer.json) or a name that `euar encoders list` shows",
    ),
  textLayers: z
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe("number of layers of the text encoder to keep, counted from the first; all by default"),
  textTrain: z
    .int()
    .min(0)
    .max(256)
    .optional()
    .describe(
      "number of kept layers to train, counted from the last; 0 freezes the encoder. By default all " +
        "layers and the embeddings train. Frozen layers run once per text",
    ),
  textLora: z
    .int()
    .min(1)
    .max(1024)
    .optional()
    .describe("rank of the low-rank adapters (LoRA) that train instead of the layers' own weights"),
  textLoraAlpha: z
    .number()
    .positive()
    .default(16)
    .describe("scale of the low-rank adapters; it is divided by their rank (needs textLora)"),
  textLoraTargets: z
    .array(z.enum(loraTargets))
    .min(1)
    .max(loraTargets.length)
    .default(["query", "value"])
    .describe("matrix products of a layer that get low-rank adapters (needs textLora)"),
  textLearningRate: z
    .number()
    .positive()
    .default(2e-5)
    .describe("learning rate of the text encoder; --learning-rate applies to the rest of the model"),
  textLayerDecay: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe("factor on the text encoder's learning rate from each layer to the one below it"),
  textDropout: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe(
      "dropout rate in the trained layers of the text encoder; by default the rate in its config.json",
    ),
  textAttentionDropout: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe(
      "dropout rate on the attention weights of these layers; by default the rate in its config.json",
    ),
  textPooling: z
    .enum(textPoolings)
    .default("mean")
    .describe(
      "how tokens become the vector of a text: their mean, the first token, or the largest value of " +
        "each feature",
    ),
  textMaxTokens: z
    .int()
    .min(3)
    .max(LARGEST_MAX_TOKENS)
    .default(256)
    .describe(
      "largest number of tokens that the text encoder reads of a text; longer texts are cut off, with " +
        "a warning that counts them",
    ),
});

/** Options that name an encoder. */
export type TextEncoderOptions = Omit<z.infer<typeof textEncoderSchema>, "textEncoder"> & {
  readonly textEncoder: string;
};

/**
 * Adds the defaults to options of a text encoder. Options without a value are absent from the result, not
 * undefined, so that records of runs compare as JSON.
 * @param textEncoder folder of the encoder, or the name that records have for it
 * @throws ZodError for an option out of range
 */
export function textEncoderOptions(
  textEncoder: string,
  options: Partial<Omit<TextEncoderOptions, "textEncoder">> = {},
): TextEncoderOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...textEncoderSchema.parse({ ...given, textEncoder }), textEncoder };
}
