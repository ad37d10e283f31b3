import { type MediaDamage, pictureDamages, soundDamages, textDamages, videoDamages } from "euar/data";
import type { MediumKind } from "euar/features";
import type { DamageKind } from "./protocol.js";

/** Number of severities above 0 for which the page has the amount. */
const STEPS = 100;

// Not those of the registry of media, whose adapters the page would load in addition to the worker.
const kinds: Record<MediumKind, Readonly<Record<string, Omit<MediaDamage<never>, "apply">>>> = {
  text: textDamages,
  audio: soundDamages,
  image: pictureDamages,
  video: videoDamages,
};

/** Describes the corruptions of a kind of medium that need no second medium. */
export function damageKinds(kind: MediumKind): readonly DamageKind[] {
  return Object.entries(kinds[kind])
    .filter(([, { needsOther }]) => needsOther !== true)
    .map(([name, { summary, unit, amountAt }]) => ({
      name,
      summary,
      unit,
      amounts: Array.from({ length: STEPS + 1 }, (_, step) => amountAt(step / STEPS)),
    }));
}
