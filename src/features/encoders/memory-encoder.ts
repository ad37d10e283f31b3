import { hashBytes } from "../../core/hash-bytes.js";
import type { Dataset } from "../../data/dataset.js";
import { memorySource } from "../../data/formats/byte-source.js";
import { longestText } from "../../encoders/encoder-config.js";
import type { EncoderFiles } from "../../encoders/encoder-files.js";
import { type OpenedEncoder, openEncoder } from "../../encoders/open-encoder.js";
import { type TextEncoderOptions, textEncoderOptions } from "../../encoders/text-encoder-config.js";
import type { ReadAsset } from "../asset.js";
import type { FeatureExtractor } from "../feature-extractor.js";
import type { TextMedia } from "../media.js";
import { type ModelSource, tooLarge } from "../onnx/model-source.js";
import { tokeniseDataset } from "../text/tokenise-dataset.js";
import { createTokensExtractor } from "../text/tokens-text.js";

/** Options of an encoder in memory, as for `train --text-encoder`. */
export type MemoryEncoderOptions = Partial<Omit<TextEncoderOptions, "textEncoder">>;

/**
 * Pretrained text encoder whose files are in memory, for fine-tuning in a page without a file system.
 *
 * @example
 * const parts = { "config.json": config, "model.safetensors": weights, "tokenizer.json": words };
 * const files = new Map(Object.entries(parts));
 * const memory = await MemoryEncoder.open("my-encoder", files, { textTrain: 2 }, fetchAssets("assets"));
 * const data = await memory.tokenise(dataset); // a data set whose splits have texts
 * const { model } = await train({ model: { name: "linear" }, encoder: memory.encoder }, data);
 * model.predict({ text: await memory.tokens("not again") });
 */
export class MemoryEncoder {
  private constructor(
    /** Encoder for `train`. */
    readonly encoder: OpenedEncoder,
    /** Files for the option `encoder` of `Predictor.fromWeights`. */
    readonly files: EncoderFiles,
    private readonly extractor: FeatureExtractor<TextMedia>,
  ) {}

  /**
   * Opens an encoder: reads its configuration, tokenizer and headers, and hashes its weights.
   * @param name name that runs store, e.g. that of the folder
   * @param contents files by name: config.json, tokenizer.json, tokenizer_config.json (optional), and
   * model.safetensors or its parts with their index
   * @param readAsset reader of package files, as in an adapter's environment
   * @throws MediaError "media.not-found", "media.damaged", "media.unsupported" for unusable files
   * @throws MediaError "media.missing-package" without `@huggingface/tokenizers`
   * @throws ZodError for options out of range
   */
  static async open(
    name: string,
    contents: ReadonlyMap<string, Uint8Array>,
    options: MemoryEncoderOptions,
    readAsset: ReadAsset,
  ): Promise<MemoryEncoder> {
    const files: EncoderFiles = {
      name,
      open: (file) => {
        const bytes = contents.get(file);
        return bytes && memorySource(bytes, file);
      },
    };
    const resolved = textEncoderOptions(name, options);
    const encoder = openEncoder(files, resolved);
    const maxTokens = Math.min(resolved.textMaxTokens, longestText(encoder.checkpoint.shape));
    const environment = { readAsset, models: sourceOf(contents) };
    const extractor = await createTokensExtractor({ folder: name, maxTokens }, environment);
    return new MemoryEncoder(encoder, files, extractor);
  }

  /**
   * Returns the data set with the tokens of its texts as the modality "text".
   * @throws DataError "data.empty" for a data set without texts
   */
  tokenise(dataset: Dataset): Promise<Dataset> {
    return tokeniseDataset(dataset, this.extractor);
  }

  /** Returns the token ids of a text as `Predictor.predict` takes them, [T][1]. */
  async tokens(text: string): Promise<number[][]> {
    const { sequence, mask } = await this.extractor.extract({ text });
    return Array.from(sequence, (id) => [id]).filter((_, t) => mask[t] === 1);
  }

  /** Releases the tokenizer. */
  close(): void {
    this.extractor.close();
  }
}

function sourceOf(contents: ReadonlyMap<string, Uint8Array>): ModelSource {
  return {
    absolute: (folder) => folder,
    digest: (bytes) => Promise.resolve(hashBytes(bytes)),
    read: (place, path, limit) => {
      const bytes = contents.get(path);
      return bytes !== undefined && bytes.length > limit
        ? Promise.reject(tooLarge(place, path, limit, bytes.length))
        : Promise.resolve(bytes);
    },
  };
}
