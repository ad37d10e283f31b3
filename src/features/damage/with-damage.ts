import { type DamageDraw, damageMedium, type DamageStep } from "../../corruption/damage-medium.js";
import type { MediaByKind, MediumKind } from "../adapter.js";
import { mediumOf } from "../registry.js";

/** Corruption of a decoded medium. */
export interface MediumDamage {
  readonly steps: readonly DamageStep[];
  readonly draw: DamageDraw;
}

/**
 * Corrupts a decoded medium. Does not change the given medium.
 *
 * @param other medium of another sample, for kinds that need one
 * @throws ConfigError as `damageMedium`
 */
export function withDamage<Kind extends MediumKind>(
  kind: Kind,
  medium: MediaByKind[Kind],
  { steps, draw }: MediumDamage,
  other?: MediaByKind[Kind],
): MediaByKind[Kind] {
  const { damages, secondsOf } = mediumOf(kind);
  return damageMedium(damages, { medium, seconds: secondsOf?.(medium), other }, steps, draw);
}

/** True if a corruption mixes in the medium of another sample. */
export function needsOther(kind: MediumKind, steps: readonly DamageStep[]): boolean {
  const { damages } = mediumOf(kind);
  return steps.some((step) => Object.hasOwn(damages, step.kind) && damages[step.kind]?.needsOther === true);
}
