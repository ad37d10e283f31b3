import type { RandomKey } from "../core/random.js";

/** Span of a medium, in fractions of its length: 0 <= start < end <= 1. */
export interface Span {
  /** Start of the span, from 0. */
  readonly start: number;
  /** End of the span, up to 1. */
  readonly end: number;
}

/** The whole medium. */
export const WHOLE: Span = { start: 0, end: 1 };

/** Inputs of a corruption other than its medium. */
export interface DamageContext<Medium> {
  /** Key of all random numbers. The same key gives the same result, to the bit. */
  readonly key: RandomKey;
  /** Part that is corrupted. */
  readonly span: Span;
  /** The medium of another sample, for kinds with `needsOther`. */
  readonly other?: Medium;
}

/**
 * Kind of corruption of raw media: of sound samples, pixels, frames or words.
 *
 * A severity of 0 returns the same medium, to the bit. A larger severity changes more. The given medium is
 * never changed in place.
 */
export interface MediaDamage<Medium> {
  /** Effect that a person notices. One sentence without a full stop, for help and pages. */
  readonly summary: string;
  /** Unit of the amount, for example "dB signal-to-noise ratio", "pixels of blur" or "share of words". */
  readonly unit: string;
  /** Amount in the unit at a severity in [0, 1]. */
  readonly amountAt: (severity: number) => number;
  /** True for a kind that uses the medium of another sample. */
  readonly needsOther?: true;
  /**
   * Returns a corrupted copy of the medium.
   *
   * @param severity strength in [0, 1]
   * @throws ConfigError "config.invalid" for a severity outside [0, 1], an empty span, or a missing other
   * medium for a kind that needs one
   */
  readonly apply: (medium: Medium, severity: number, context: DamageContext<Medium>) => Medium;
}

/** Fields of a kind of corruption that describe it. */
export type DamageDescription = Omit<MediaDamage<never>, "apply">;
