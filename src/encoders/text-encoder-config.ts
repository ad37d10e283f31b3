import { z } from "zod";
import { LARGEST_MAX_TOKENS } from "./token-limit.js";
import { loraTargets } from "./lora.js";
import { textPoolings } from "./pool-texts.js";

/** An encoder inside the model, and what of it trains. */
export const textEncoderSchema = z.strictObject({
  textEncoder: z
    .string()
    .min(1)
    .optional()
    .describe(
      "pretrained encoder, as a folder (config.json, model.safetensors, tokenizer.json) or a name of euar encoders list, that reads the texts inside the model; it takes the place of the text features",
    ),
  textLayers: z
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe("layers of the text encoder that are kept, the first ones; all by default"),
  textTrain: z
    .int()
    .min(0)
    .max(256)
    .optional()
    .describe(
      "kept layers that train, the last ones; the layers below them run once per text. All layers and the embeddings by default; 0 freezes the encoder",
    ),
  textLora: z
    .int()
    .min(1)
    .max(1024)
    .optional()
    .describe("rank of low-rank adapters (LoRA) that train in place of the layers' own weights"),
  textLoraAlpha: z.number().positive().default(16).describe("scale of the adapters, divided by their rank"),
  textLoraTargets: z
    .array(z.enum(loraTargets))
    .min(1)
    .max(loraTargets.length)
    .default(["query", "value"])
    .describe("products of a layer that get adapters"),
  textLearningRate: z
    .number()
    .positive()
    .default(2e-5)
    .describe("learning rate of the text encoder; --learning-rate is that of the rest"),
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
    .describe("dropout in the layers of the text encoder that train; the encoder's own rate by default"),
  textAttentionDropout: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe("dropout on their attention weights; the encoder's own rate by default"),
  textPooling: z
    .enum(textPoolings)
    .default("mean")
    .describe("vector of a text: mean of its tokens, the first token, or the largest value of each feature"),
  textMaxTokens: z
    .int()
    .min(3)
    .max(LARGEST_MAX_TOKENS)
    .default(256)
    .describe("longest text that the text encoder reads, in tokens; longer ones are cut off and counted"),
});

/** Options of an encoder that is there. */
export type TextEncoderOptions = Omit<z.infer<typeof textEncoderSchema>, "textEncoder"> & {
  readonly textEncoder: string;
};
