import { ConfigError, EuarError } from "../../core/errors.js";
import type { AdapterEnvironment } from "../adapter.js";
import type { AdapterIdentity, ExtractedFeatures, FeatureExtractor } from "../feature-extractor.js";
import type { TextMedia } from "../media.js";
import { ModelFiles, requireSource } from "../onnx/model-files.js";
import { type ModelPlaceOptions, resolvePlace } from "../onnx/model-place.js";
import { loadOnnxRuntime, ONNX_PACKAGE, onnxVersion } from "../onnx/onnx-runtime.js";
import { OnnxSession } from "../onnx/onnx-session.js";
import { meanOfRows, normaliseRows } from "../onnx/pooling.js";
import { absentText } from "./absent-text.js";
import { inCase, type LetterCase } from "./letter-case.js";
import { ModelTokenizer, TOKENIZER_PACKAGE } from "./model-tokenizer.js";
import { checkMaxTokens, checkTextLength } from "./text-limits.js";
import { TextNetwork } from "./text-network.js";
import type { TextPooling } from "./text-poolings.js";
import { textQuality } from "./text-quality.js";
import { normaliseText } from "./unigram-tokenizer.js";
import { type Span, wordTimes } from "./word-times.js";

const ADAPTER = "text/onnx";
const DEFAULT_MAX_TOKENS = 512;
const LARGEST_MAX_TOKENS = 8192;

interface Settings {
  readonly pooling: TextPooling;
  readonly normalise: boolean;
  readonly letterCase: LetterCase;
  /** Tokens of a text that are read, those that the tokenizer adds not counted. */
  readonly room: number;
}

export interface OnnxTextOptions extends ModelPlaceOptions {
  /**
   * "mean" (default), "cls": one vector. "tokens": a step for each token of the text. "model": the vector
   * that the network itself makes.
   */
  readonly pooling?: TextPooling;
  /** Divide every vector by its length; default false. */
  readonly normalise?: boolean;
  readonly letterCase?: LetterCase;
  /**
   * Tokens that are read, those that the tokenizer adds included: at most this many (default 512) and at most
   * what the model was made for.
   */
  readonly maxTokens?: number;
  /** Which output of the network; found by name and shape unless given. */
  readonly output?: string | undefined;
}

/**
 * Text to features with any transformer encoder in ONNX: a folder with tokenizer.json, tokenizer_config.json,
 * config.json and onnx/model.onnx or model.onnx, or a name on a model hub. A text without visible characters
 * gives a masked step and the problem "text.empty", one of unknown tokens alone "text.unknown". Times are zero unless the text comes with timed words.
 * @throws MediaError "media.not-found", "media.damaged", "media.unsupported", "media.too-large" for a model
 * that is not there or cannot be used,
 * "media.missing-package"; ConfigError. Its `extract` throws MediaError "media.too-large" above 2 million
 * characters
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
    const network = await TextNetwork.create(session, tokenizer, files, pooling, output);
    const width = (await network.run(tokenizer.tokenize("a"))).dims[1] ?? 0;
    const limit = Math.min(maxTokens, network.longest);
    const room = limit - tokenizer.before.length - tokenizer.after.length;
    if (room < 1)
      throw new ConfigError("config.invalid", `${ADAPTER}: maxTokens ${limit} leaves no room for a text`, {
        hint: `Its tokenizer adds ${limit - room} tokens to every text.`,
      });
    const identity: AdapterIdentity = {
      adapter: ADAPTER,
      version: 1,
      packages: {
        ...files.digests,
        [TOKENIZER_PACKAGE]: tokenizer.version,
        [ONNX_PACKAGE]: await onnxVersion(readAsset),
      },
      options: { ...found, pooling, normalise, letterCase, maxTokens: limit, output: network.output },
      width,
    };
    return new OnnxTextExtractor(identity, network, tokenizer, { pooling, normalise, letterCase, room });
  } catch (error) {
    session.close();
    throw error;
  }
}

class OnnxTextExtractor implements FeatureExtractor<TextMedia> {
  #network: TextNetwork | undefined;

  constructor(
    readonly identity: AdapterIdentity,
    network: TextNetwork,
    private readonly tokenizer: ModelTokenizer,
    private readonly settings: Settings,
  ) {
    this.#network = network;
  }

  async extract(media: TextMedia, signal?: AbortSignal): Promise<ExtractedFeatures> {
    if (!this.#network) throw new EuarError("internal", "the text extractor was closed");
    signal?.throwIfAborted();
    checkTextLength(media.text);
    const { width } = this.identity;
    const text = inCase(media.text, this.settings.letterCase);
    const words = normaliseText(text).split(" ");
    const all = words[0] === "" ? [] : this.tokenizer.tokenize(text);
    const tokens = all.slice(0, this.settings.room);
    const perWord = this.tokenizer.tokensPerWord(words, tokens.length);
    const quality = textQuality(media.text, {
      tokens: all.length,
      read: tokens.length,
      perWord,
      ...this.tokenizer.unknownShare(all),
    });
    if (quality.measures["unknownShare"] === 1 || tokens.length === 0) return absentText(width, quality);
    const { dims, data } = await this.#network.run(tokens);
    const pooled = this.#pool(data, dims[0] ?? 0, tokens.length);
    const steps = pooled.length / width;
    const sequence = this.settings.normalise ? normaliseRows(pooled, width) : pooled;
    return {
      steps,
      width,
      sequence,
      times: this.#times(wordTimes(words, media.words ?? []), perWord, tokens.length),
      mask: new Uint8Array(steps).fill(1),
      quality,
    };
  }

  close(): void {
    this.#network?.close();
    this.#network = undefined;
  }

  /** @param data [rows, D] */
  #pool(data: Float32Array, rows: number, tokens: number): Float32Array {
    const { width } = this.identity;
    const first = this.tokenizer.before.length;
    switch (this.settings.pooling) {
      case "mean":
        return meanOfRows(data, width, 0, rows);
      case "cls":
        return data.slice(0, width);
      case "tokens":
        return data.slice(first * width, (first + tokens) * width);
      case "model":
        return data;
    }
  }

  /** [T, 2] seconds. */
  #times(spans: readonly Span[], perWord: readonly number[], tokens: number): Float64Array {
    if (this.settings.pooling !== "tokens")
      return Float64Array.of(spans[0]?.start ?? 0, spans.at(-1)?.end ?? 0);
    const owners = perWord.flatMap((count, word) => new Array<number>(count).fill(word));
    return Float64Array.from({ length: 2 * tokens }, (_, i) => {
      const span = spans[owners[Math.floor(i / 2)] ?? spans.length - 1];
      return (i % 2 === 0 ? span?.start : span?.end) ?? 0;
    });
  }
}
