import { ConfigError } from "../../core/errors.js";
import { EncoderCheckpoint } from "../../encoders/encoder-checkpoint.js";
import { longestText } from "../../encoders/encoder-config.js";
import { LARGEST_MAX_TOKENS } from "../../encoders/token-limit.js";
import { createWasmBackend } from "../../tensor/backends/wasm/index.js";
import type { AdapterEnvironment } from "../adapter.js";
import type { AdapterIdentity, FeatureExtractor } from "../feature-extractor.js";
import type { TextMedia } from "../media.js";
import { ModelFiles, requireSource } from "../onnx/model-files.js";
import { EncoderNetwork } from "./encoder-network.js";
import { type LayerChoice, parseLayers } from "./layer-choice.js";
import type { LetterCase } from "./letter-case.js";
import { ModelTokenizer, TOKENIZER_PACKAGE } from "./model-tokenizer.js";
import { roomFor } from "./read-tokens.js";
import { checkMaxTokens } from "./text-limits.js";
import type { TextPooling } from "./text-poolings.js";
import { TransformerExtractor } from "./transformer-extractor.js";

const ADAPTER = "text/encoder";

export interface EncoderTextOptions {
  /** Folder with config.json, model.safetensors and tokenizer.json. */
  readonly folder: string;
  /** Layer, e.g. "7", or "6+7+8" for the mean of several; 0 is the embeddings. Default: the last layer. */
  readonly layer?: LayerChoice | undefined;
  /** "mean" (default), "cls", "max": one vector. "tokens": one step per token of the text. */
  readonly pooling?: Exclude<TextPooling, "model">;
  /** Divide each vector by its length. Default false. */
  readonly normalise?: boolean;
  readonly letterCase?: LetterCase;
  /** Largest number of tokens, including those that the tokenizer adds. Default 512. */
  readonly maxTokens?: number;
}

/**
 * Extracts hidden states of a frozen encoder of the BERT family, in WebAssembly: of any layer, or the mean
 * over several. A text without visible characters gives one masked step.
 * @throws MediaError "media.not-found", "media.damaged", "media.unsupported", "media.missing-package"
 * @throws BackendError "backend.out-of-memory"
 * @throws ConfigError
 * @throws `extract` throws MediaError "media.too-large" above 2 million characters
 */
export async function createEncoderTextExtractor(
  options: EncoderTextOptions,
  { readAsset, models, encoders }: AdapterEnvironment,
): Promise<FeatureExtractor<TextMedia>> {
  const { pooling = "mean", normalise = false, letterCase = "auto", maxTokens = 512, layer } = options;
  checkMaxTokens(maxTokens, LARGEST_MAX_TOKENS);
  const source = requireSource(models, ADAPTER);
  if (!encoders)
    throw new ConfigError("config.conflict", `${ADAPTER} cannot read an encoder's folder here`, {
      hint: "Create it with an environment that has `encoders`, such as nodeEnvironment.",
    });
  const opened = encoders(options.folder);
  const checkpoint = EncoderCheckpoint.open(opened);
  const files = new ModelFiles(source, { kind: "folder", folder: opened.name });
  const tokenizer = await ModelTokenizer.load(files, readAsset);
  const limit = Math.min(maxTokens, tokenizer.longest, longestText(checkpoint.shape));
  const room = roomFor(tokenizer, limit, ADAPTER);
  const layers = layer === undefined ? [checkpoint.shape.layers] : parseLayers(layer, ADAPTER);
  const network = new EncoderNetwork(await createWasmBackend(), checkpoint, tokenizer, layers);
  const identity: AdapterIdentity = {
    adapter: ADAPTER,
    version: 1,
    packages: {
      ...files.digests,
      encoder: checkpoint.digest(),
      [TOKENIZER_PACKAGE]: tokenizer.version,
    },
    options: {
      folder: opened.name,
      layer: layers.join("+"),
      pooling,
      normalise,
      letterCase,
      maxTokens: limit,
    },
    width: checkpoint.shape.hidden,
  };
  return new TransformerExtractor(identity, network, tokenizer, { pooling, normalise, letterCase, room });
}
