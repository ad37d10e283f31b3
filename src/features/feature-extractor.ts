import type { AdapterIdentity } from "../data/adapter-identity.js";
import type { Quality } from "./quality.js";

export type { AdapterIdentity };

/** Features of one medium. Sizes: T steps, D features. */
export interface ExtractedFeatures {
  /** T >= 1; a medium without any usable step has one masked step of zeros. */
  readonly steps: number;
  /** D. */
  readonly width: number;
  /** [T, D], row-major, finite. */
  readonly sequence: Float32Array;
  /**
   * [T, 2], start and end of each step in seconds; zeros where the medium has no time (an image, a text
   * without timings).
   */
  readonly times: Float64Array;
  /**
   * [T], 1 = the step may be used. All zero: the input is absent, and a model is told so instead of being fed
   * zeros.
   */
  readonly mask: Uint8Array;
  readonly quality: Quality;
}

/** Loads once, then extracts. Extraction of one medium never depends on another. */
export interface FeatureExtractor<Media> {
  readonly identity: AdapterIdentity;
  /** [D] names of the features, where they have names. */
  readonly featureNames?: readonly string[];
  /**
   * @throws MediaError for a medium that cannot be read; a medium that is merely bad (silent, no face, empty)
   * is no error: its mask and quality say so
   */
  extract(media: Media, signal?: AbortSignal): Promise<ExtractedFeatures>;
  /** As `extract` for each, perhaps faster. */
  extractBatch?(media: readonly Media[], signal?: AbortSignal): Promise<ExtractedFeatures[]>;
  /** Frees models and workers. */
  close(): void;
}
