import type { FeatureKind } from "./feature-kind.js";
import { FEATURE_KINDS, type FeatureKindName } from "./feature-kinds.js";

/** One corruption of the features of a split. Plain data, so that it can be stored in results. */
export interface Corruption {
  /** Name of a kind of this package, or of a registered kind (`registerCorruption`). */
  readonly kind: CorruptionKind | (string & Record<never, never>);
  /**
   * Strength in the unit of the kind: standard deviations for gaussian, a probability or fraction in [0, 1]
   * for most others.
   */
  readonly amount: number;
  /** Modality to corrupt. Absent: all. For "missing", absent: any of them. */
  readonly modality?: string;
}

/** Name of a kind of corruption of this package. */
export type CorruptionKind = FeatureKindName | "missing";

/** Effect, unit and largest amount of each kind of corruption of this package. */
export const CORRUPTION_KINDS: Readonly<Record<CorruptionKind, Pick<FeatureKind, "help" | "unit" | "most">>> =
  {
    ...FEATURE_KINDS,
    missing: {
      help:
        "removes this share of the modalities at random, or a named modality with this probability; every " +
        "sample keeps at least one",
      unit: "share of the modalities, or probability of a named one",
      most: 1,
    },
  };

/**
 * Other names of kinds. `noise` is the name of `gaussian` in the embedded data set and in the configurations
 * of runs.
 */
export const OTHER_NAMES: Readonly<Record<string, FeatureKindName>> = { noise: "gaussian" };

export function isCorruptionKind(text: string): text is CorruptionKind {
  return Object.hasOwn(CORRUPTION_KINDS, text);
}

/** Returns the specification that {@link parseCorruption} reads, e.g. "text=gaussian:0.5". */
export function showCorruption({ kind, amount, modality }: Corruption): string {
  return `${modality === undefined ? "" : `${modality}=`}${kind}:${amount}`;
}
