import type { AdapterIdentity } from "../data/adapter-identity.js";
import type { Quality } from "./quality.js";

export type { AdapterIdentity };

/** Features of one medium. Sizes: T steps, D features. */
export interface ExtractedFeatures {
  /** T >= 1. A medium without a usable step has one masked step of zeros. */
  readonly steps: number;
  /** D, number of features per step. */
  readonly width: number;
  /** [T, D], row-major, finite. */
  readonly sequence: Float32Array;
  /**
   * [T, 2], start and end of each step in seconds. Zeros for a medium without time (an image, a text without
   * word times).
   */
  readonly times: Float64Array;
  /**
   * [T], 1 = the step is usable. All zero: the model treats the input as missing instead of reading zeros.
   */
  readonly mask: Uint8Array;
  readonly quality: Quality;
}

/** Extracts features of one medium at a time. The result never depends on other media. */
export interface FeatureExtractor<Media> {
  readonly identity: AdapterIdentity;
  /** [D] names of the features, if they have names. */
  readonly featureNames?: readonly string[];
  /**
   * Extracts the features of a medium. A poor medium (silent, no face, empty) is not an error: its mask and
   * quality describe it.
   * @throws MediaError for a medium that cannot be read
   */
  extract(media: Media, signal?: AbortSignal): Promise<ExtractedFeatures>;
  /** Extracts several media, with the same results as `extract` for each. May be faster. */
  extractBatch?(media: readonly Media[], signal?: AbortSignal): Promise<ExtractedFeatures[]>;
  /** Frees models and workers. */
  close(): void;
}
