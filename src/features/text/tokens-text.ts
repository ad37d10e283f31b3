import type { AdapterEnvironment } from "../adapter.js";
import { EuarError } from "../../core/errors.js";
import { LARGEST_MAX_TOKENS } from "../../encoders/token-limit.js";
import type { AdapterIdentity, ExtractedFeatures, FeatureExtractor } from "../feature-extractor.js";
import type { TextMedia } from "../media.js";
import { ModelFiles, requireSource } from "../onnx/model-files.js";
import { resolvePlace } from "../onnx/model-place.js";
import { absentText } from "./absent-text.js";
import type { LetterCase } from "./letter-case.js";
import { ModelTokenizer, TOKENIZER_PACKAGE } from "./model-tokenizer.js";
import { readTokens, roomFor } from "./read-tokens.js";
import { checkMaxTokens } from "./text-limits.js";

export const TOKENS_ADAPTER = "text/tokens";

export interface TokensOptions {
  readonly folder?: string | undefined;
  readonly hub?: string | undefined;
  readonly revision?: string | undefined;
  readonly letterCase?: LetterCase;
  /** Largest number of tokens, including those that the tokenizer adds. Default 256. */
  readonly maxTokens?: number;
}

/**
 * Extracts token ids for an encoder inside the model: one step per token, with the id as its only feature,
 * including the tokens that the tokenizer adds. A text without visible characters gives a masked step.
 * @throws MediaError "media.not-found" without a tokenizer.json, "media.damaged" for an unusable one,
 * "media.missing-package"
 * @throws ConfigError if `maxTokens` leaves no room for a text
 * @throws `extract` throws MediaError "media.too-large" above 2 million characters
 */
export async function createTokensExtractor(
  options: TokensOptions,
  { readAsset, models }: AdapterEnvironment,
): Promise<FeatureExtractor<TextMedia>> {
  const { letterCase = "auto", maxTokens = 256 } = options;
  checkMaxTokens(maxTokens, LARGEST_MAX_TOKENS);
  const source = requireSource(models, TOKENS_ADAPTER);
  const { place, options: found } = resolvePlace(TOKENS_ADAPTER, options, source);
  const files = new ModelFiles(source, place);
  const tokenizer = await ModelTokenizer.load(files, readAsset);
  const room = roomFor(tokenizer, Math.min(maxTokens, tokenizer.longest), TOKENS_ADAPTER);
  const identity: AdapterIdentity = {
    adapter: TOKENS_ADAPTER,
    version: 1,
    packages: { ...files.digests, [TOKENIZER_PACKAGE]: tokenizer.version },
    options: { ...found, letterCase, maxTokens },
    width: 1,
  };
  return new TokensExtractor(identity, tokenizer, letterCase, room);
}

class TokensExtractor implements FeatureExtractor<TextMedia> {
  private closed = false;

  constructor(
    readonly identity: AdapterIdentity,
    private readonly tokenizer: ModelTokenizer,
    private readonly letterCase: LetterCase,
    /** Largest number of tokens of a text, without added ones. */
    private readonly room: number,
  ) {}

  extract(media: TextMedia, signal?: AbortSignal): Promise<ExtractedFeatures> {
    if (this.closed) throw new EuarError("internal", "the tokenizer was closed");
    signal?.throwIfAborted();
    return new Promise((resolve) => {
      resolve(this.read(media));
    });
  }

  close(): void {
    this.closed = true;
  }

  private read(media: TextMedia): ExtractedFeatures {
    const { letterCase, room, tokenizer } = this;
    const { tokens, quality } = readTokens(media, tokenizer, { letterCase, room });
    if (tokens.length === 0) return absentText(1, quality);
    const ids = Float32Array.from([...tokenizer.before, ...tokens, ...tokenizer.after]);
    return {
      steps: ids.length,
      width: 1,
      sequence: ids, // [T, 1]
      times: new Float64Array(2 * ids.length),
      mask: new Uint8Array(ids.length).fill(1),
      quality,
    };
  }
}
