import type { RandomKey } from "../core/random.js";

/** Part of a medium in time or in order, as shares of the whole: 0 <= start < end <= 1. */
export interface Span {
  /** Where it begins, from 0. */
  readonly start: number;
  /** Where it ends, to 1. */
  readonly end: number;
}

/** The whole medium. */
export const WHOLE: Span = { start: 0, end: 1 };

/** Inputs of a corruption other than its medium. */
export interface DamageContext<Medium> {
  /** Gives all random numbers: the same key gives the same result, to the bit. */
  readonly key: RandomKey;
  /** Part that is corrupted. */
  readonly span: Span;
  /** The medium of another sample, for kinds with `needsOther`. */
  readonly other?: Medium;
}

/**
 * A kind of corruption of raw media: of samples, pixels, frames or words.
 *
 * A severity of 0 returns the same medium, to the bit. A larger severity changes more. The given medium is
 * never changed in place.
 */
export interface MediaDamage<Medium> {
  /** Says what a person would notice. One sentence without a full stop, for help and pages. */
  readonly summary: string;
  /** Unit of the amount, for example "dB signal-to-noise ratio", "pixels of blur" or "share of words". */
  readonly unit: string;
  /** Amount in the unit at a severity in [0, 1]. */
  readonly amountAt: (severity: number) => number;
  /** True for a kind that mixes in or takes the medium of another sample. */
  readonly needsOther?: true;
  /**
   * Returns a corrupted copy of the medium.
   *
   * @param severity strength in [0, 1]
   * @throws ConfigError "config.invalid" for a severity outside [0, 1], an empty span, or no other medium
   * where one is needed
   */
  readonly apply: (medium: Medium, severity: number, context: DamageContext<Medium>) => Medium;
}

/** Fields of a kind of corruption that describe it. */
export type DamageDescription = Omit<MediaDamage<never>, "apply">;
