import { defined } from "../../core/defined.js";
import { EuarError } from "../../core/errors.js";
import type { AdapterIdentity, ExtractedFeatures, FeatureExtractor } from "../feature-extractor.js";
import type { TextMedia } from "../media.js";
import type { FloatOutput } from "../onnx/onnx-session.js";
import { maxOfRows, meanOfRows, normaliseRows } from "../onnx/pooling.js";
import { absentText } from "./absent-text.js";
import type { LetterCase } from "./letter-case.js";
import type { ModelTokenizer } from "./model-tokenizer.js";
import { readTokens } from "./read-tokens.js";
import type { TextPooling } from "./text-poolings.js";
import { type Span, wordTimes } from "./word-times.js";

export interface TransformerSettings {
  readonly pooling: TextPooling;
  readonly normalise: boolean;
  readonly letterCase: LetterCase;
  /** Largest number of tokens of a text, without added ones. */
  readonly room: number;
}

/** Transformer that turns token ids into vectors. */
export interface TokenNetwork {
  /**
   * @param tokens ids of the text, without added ones
   * @returns [T, D] vectors of all ids, including those around the text; [1, D] if the network pools
   */
  run(tokens: readonly number[]): Promise<FloatOutput>;
  close(): void;
}

/** Extracts the vectors of a transformer, pooled or per token, on any runtime. */
export class TransformerExtractor implements FeatureExtractor<TextMedia> {
  #network: TokenNetwork | undefined;

  constructor(
    readonly identity: AdapterIdentity,
    network: TokenNetwork,
    private readonly tokenizer: ModelTokenizer,
    private readonly settings: TransformerSettings,
  ) {
    this.#network = network;
  }

  async extract(media: TextMedia, signal?: AbortSignal): Promise<ExtractedFeatures> {
    if (!this.#network) throw new EuarError("internal", "the text extractor was closed");
    signal?.throwIfAborted();
    const { width } = this.identity;
    const { tokens, words, perWord, quality } = readTokens(media, this.tokenizer, this.settings);
    if (quality.measures["unknownShare"] === 1 || tokens.length === 0) return absentText(width, quality);
    const { dims, data } = await this.#network.run(tokens);
    const pooled = this.#pool(data, defined(dims[0]), tokens.length);
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
      case "max":
        return maxOfRows(data, width, rows);
      case "tokens":
        return data.slice(first * width, (first + tokens) * width);
      case "model":
        return data;
    }
  }

  /** [T, 2] start and end of each step in seconds. */
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
