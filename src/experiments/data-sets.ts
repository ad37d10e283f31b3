import type { Dataset } from "../data/dataset.js";
import { loadDataset } from "../data/formats/load-dataset.js";
import type { LabelOptions } from "../data/formats/load-options.js";
import { encoderFolder } from "../encoders/encoder-folder.js";
import { type OpenedEncoder, openEncoder } from "../encoders/open-encoder.js";
import type { TextEncoderOptions } from "../encoders/text-encoder-config.js";
import { encodeDataset } from "../features/encoders/encode-dataset.js";
import { canonicalJson } from "../runs/canonical-json.js";
import { fingerprint } from "../runs/hash.js";

/** Options of reading data sets. */
export interface DataReading {
  /** Label options that the user states. */
  readonly labels?: LabelOptions | undefined;
  /** Encoder inside the models. The text is then read as its tokens. */
  readonly encoder?: TextEncoderOptions | undefined;
}

/**
 * Cache of data sets and encoders. Reads each only once, also for trials of a sweep that differ only in
 * options for training the encoder.
 */
export class DataSets {
  private readonly loaded = new Map<string, Promise<Dataset>>();
  /** Encoders by folder. */
  private readonly encoders = new Map<string, OpenedEncoder>();

  /**
   * Reads a data set.
   * @throws DataError
   * @throws MediaError for an unusable encoder
   */
  get(source: string, { labels = {}, encoder }: DataReading = {}): Promise<Dataset> {
    const key = canonicalJson({ source, labels, tokens: encoder ? tokensOf(encoder) : null });
    const known = this.loaded.get(key);
    if (known) return known;
    const loading = encoder
      ? this.get(source, { labels }).then((raw) => encodeDataset(raw, this.encoder(encoder)))
      : loadDataset(source, labels);
    this.loaded.set(key, loading);
    return loading;
  }

  /**
   * Opens an encoder.
   * @throws MediaError for an unusable encoder
   */
  encoder(options: TextEncoderOptions): OpenedEncoder {
    const { textEncoder } = options;
    const opened = this.encoders.get(textEncoder) ?? openEncoder(encoderFolder(textEncoder), options);
    this.encoders.set(textEncoder, opened);
    return { ...opened, record: { ...opened.record, options } };
  }

  /**
   * Computes a fingerprint of the content of each data set, and of the encoder by its folder.
   * @param reading options of reading all of them
   */
  async fingerprints(
    sources: readonly string[],
    reading: DataReading = {},
  ): Promise<ReadonlyMap<string, string>> {
    const entries: [string, string][] = [];
    for (const source of sources) entries.push([source, fingerprint(await this.get(source, reading))]);
    const { encoder } = reading;
    if (encoder) entries.push([encoder.textEncoder, this.encoder(encoder).record.digest]);
    return new Map(entries);
  }
}

/** Returns the options of an encoder that decide the tokens of a text. */
function tokensOf({
  textEncoder,
  textMaxTokens,
}: TextEncoderOptions): Pick<TextEncoderOptions, "textEncoder" | "textMaxTokens"> {
  return { textEncoder, textMaxTokens };
}
