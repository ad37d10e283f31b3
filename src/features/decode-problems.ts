import type { DecodeNote } from "./decode/decode-note.js";
import type { MediumKind } from "./adapter.js";
import type { ExtractedFeatures } from "./feature-extractor.js";
import { type Problem, qualityOf } from "./quality.js";

/**
 * How much of a stream counts as spoilt where parts of it could not be read and it is not known how many: as
 * much as makes one doubt it.
 */
const DAMAGED_SEVERITY = 0.2;

/**
 * The features, with what was wrong with the file in their quality: an adapter sees only what could be
 * decoded of it.
 */
export function withDecodeProblems(
  features: ExtractedFeatures,
  kind: MediumKind,
  notes: readonly DecodeNote[],
): ExtractedFeatures {
  if (notes.length === 0) return features;
  const { measures, problems } = features.quality;
  return {
    ...features,
    quality: qualityOf(measures, [...problems, ...notes.flatMap((note) => problemOf(kind, note))]),
  };
}

function problemOf(kind: MediumKind, { code, share, message }: DecodeNote): Problem[] {
  return [
    {
      code: `${kind}.${code}`,
      severity: code === "truncated" ? Math.min(1, share) : DAMAGED_SEVERITY,
      message,
    },
  ];
}
