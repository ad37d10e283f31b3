import type { MediaDamage } from "euar/data";
import { media, type MediumKind } from "euar/features";
import type { DamageKind } from "./protocol.js";

/** Number of severities above 0 for which the page has the amount. */
const STEPS = 100;

/** Describes the corruptions of a kind of medium that need no second medium. */
export function damageKinds(kind: MediumKind): readonly DamageKind[] {
  const damages: Readonly<Record<string, Omit<MediaDamage<never>, "apply">>> = media[kind].damages;
  return Object.entries(damages)
    .filter(([, { needsOther }]) => needsOther !== true)
    .map(([name, { summary, unit, amountAt }]) => ({
      name,
      summary,
      unit,
      amounts: Array.from({ length: STEPS + 1 }, (_, step) => amountAt(step / STEPS)),
    }));
}
