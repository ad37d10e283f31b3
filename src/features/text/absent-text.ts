import type { ExtractedFeatures } from "../feature-extractor.js";
import type { Quality } from "../quality.js";

/** Features of a text without anything to read: one masked step of zeros. */
export function absentText(width: number, quality: Quality): ExtractedFeatures {
  return {
    steps: 1,
    width,
    sequence: new Float32Array(width),
    times: new Float64Array(2),
    mask: new Uint8Array(1),
    quality,
  };
}
