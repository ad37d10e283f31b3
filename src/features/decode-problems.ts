import type { DecodeNote } from "./decode/decode-note.js";
import type { MediumKind } from "./adapter.js";
import type { ExtractedFeatures } from "./feature-extractor.js";
import { type Problem, qualityOf } from "./quality.js";

/** Severity of a partly unreadable stream if the unreadable fraction is unknown: enough to doubt it. */
const DAMAGED_SEVERITY = 0.2;

/** Adds the defects of a file to the quality of its features. An adapter sees only the decoded part. */
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
