import { defined } from "../../core/defined.js";
import { LARGEST_MAX_TOKENS } from "../../encoders/token-limit.js";
import type { AdapterEnvironment } from "../adapter.js";
import type { AdapterIdentity, FeatureExtractor } from "../feature-extractor.js";
import type { TextMedia } from "../media.js";
import { ModelFiles, requireSource } from "../onnx/model-files.js";
import { type ModelPlaceOptions, resolvePlace } from "../onnx/model-place.js";
import { loadOnnxRuntime, ONNX_PACKAGE, onnxVersion } from "../onnx/onnx-runtime.js";
import { OnnxSession } from "../onnx/onnx-session.js";
import { type LayerChoice, parseLayers } from "./layer-choice.js";
import type { LetterCase } from "./letter-case.js";
import { ModelTokenizer, TOKENIZER_PACKAGE } from "./model-tokenizer.js";
import { roomFor } from "./read-tokens.js";
import { checkMaxTokens } from "./text-limits.js";
import { TextNetwork } from "./text-network.js";
import type { TextPooling } from "./text-poolings.js";
import { TransformerExtractor } from "./transformer-extractor.js";

const ADAPTER = "text/onnx";
const DEFAULT_MAX_TOKENS = 512;

export interface OnnxTextOptions extends ModelPlaceOptions {
  /**
   * "mean" (default), "cls", "max": one vector. "tokens": one step per token of the text. "model": the vector
   * that the network itself outputs.
   */
  readonly pooling?: TextPooling;
  /** Divide each vector by its length. Default false. */
  readonly normalise?: boolean;
  readonly letterCase?: LetterCase;
  /**
   * Largest number of tokens, including those that the tokenizer adds. Default 512, and never more than the
   * model supports.
   */
  readonly maxTokens?: number;
  /** Output of the network to read. Default: found by name and shape. */
  readonly output?: string | undefined;
  /** Hidden layers to read instead, if the network offers them: "7", or "6+7+8" for their mean. */
  readonly layer?: LayerChoice | undefined;
}

/**
 * Extracts features with any transformer encoder in ONNX: from a folder with tokenizer.json,
 * tokenizer_config.json, config.json and onnx/model.onnx or model.onnx, or from a model hub.
 *
 * A text without visible characters gives a masked step and the problem "text.empty"; a text of unknown
 * tokens only, "text.unknown". Times are zero unless the text has timed words.
 * @throws MediaError "media.not-found", "media.damaged", "media.unsupported", "media.too-large" for a missing
 * or unusable model, "media.missing-package"
 * @throws ConfigError
 * @throws `extract` throws MediaError "media.too-large" above 2 million characters
 */
export async function createOnnxTextExtractor(
  options: OnnxTextOptions,
  { readAsset, models }: AdapterEnvironment,
): Promise<FeatureExtractor<TextMedia>> {
  const {
    pooling = "mean",
    normalise = false,
    letterCase = "auto",
    maxTokens = DEFAULT_MAX_TOKENS,
    output,
    layer,
  } = options;
  checkMaxTokens(maxTokens, LARGEST_MAX_TOKENS);
  const source = requireSource(models, ADAPTER);
  const { place, file, options: found } = resolvePlace(ADAPTER, options, source);
  const files = new ModelFiles(source, place);
  const tokenizer = await ModelTokenizer.load(files, readAsset);
  const bytes = await files.model(file);
  const runtime = await loadOnnxRuntime(readAsset, ADAPTER);
  const session = await OnnxSession.open(runtime, bytes, files.name);
  try {
    const network = await TextNetwork.create(session, tokenizer, files, {
      pooling,
      output,
      layers: layer === undefined ? undefined : parseLayers(layer, ADAPTER),
    });
    const width = defined((await network.run(tokenizer.tokenize("a"))).dims[1]);
    const limit = Math.min(maxTokens, network.longest);
    const room = roomFor(tokenizer, limit, ADAPTER);
    const identity: AdapterIdentity = {
      adapter: ADAPTER,
      version: 1,
      packages: {
        ...files.digests,
        [TOKENIZER_PACKAGE]: tokenizer.version,
        [ONNX_PACKAGE]: await onnxVersion(readAsset),
      },
      options: {
        ...found,
        pooling,
        normalise,
        letterCase,
        maxTokens: limit,
        ...(layer === undefined ? { output: network.outputs[0] ?? "" } : { layer }),
      },
      width,
    };
    return new TransformerExtractor(identity, network, tokenizer, { pooling, normalise, letterCase, room });
  } catch (error) {
    session.close();
    throw error;
  }
}
