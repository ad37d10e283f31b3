import { defined } from "../../../core/defined.js";
import { foldIn, integerAt, randomKey, uniformAt } from "../../../core/random.js";
import type { SampleDraws } from "../../../nn/sample-draws.js";

/** Modalities that the model sees, and those hidden from it as targets of the recovery. */
export interface Hidden {
  /** Seen modalities, M of [B]: 1 if the sample has the modality and the model sees it. */
  readonly seen: readonly Uint8Array[];
  /**
   * Hidden modalities, M of [B]: 1 if the sample has the modality but the model does not see it. They are
   * known targets of a recovery.
   */
  readonly hidden: readonly Uint8Array[];
}

/**
 * Hides modalities in training: with probability `rate`, a sample with two or more modalities keeps a random
 * nonempty proper subset of them, each equally likely. Hides nothing at evaluation. A sample's draw depends
 * on (seed, purpose, step, sample) and on its modalities, not on its batch.
 * @param present M of [B]
 * @param rate probability, in [0, 1]
 */
export function hideModalities(
  present: readonly ArrayLike<number>[],
  rate: number,
  purpose: string,
  draws: SampleDraws,
): Hidden {
  const seen = present.map((flags) => Uint8Array.from(flags, (flag) => (flag === 0 ? 0 : 1)));
  const hidden = present.map((flags) => new Uint8Array(flags.length));
  if (!draws.training || rate === 0) return { seen, hidden };
  const ofStep = foldIn(randomKey(draws.seed, `hidden/${purpose}`), draws.step);
  for (let b = 0; b < draws.sampleIndex.length; b++) {
    const owned = present.flatMap((flags, m) => (flags[b] === 0 ? [] : [m]));
    const key = foldIn(ofStep, defined(draws.sampleIndex[b]));
    if (owned.length < 2 || uniformAt(key, 0) >= rate) continue;
    // the binary digits select the modalities to keep: neither none nor all
    const kept = 1 + integerAt(key, 0, 2 ** owned.length - 2);
    owned.forEach((m, digit) => {
      if (Math.floor(kept / 2 ** digit) % 2 === 1) return;
      seen[m]?.fill(0, b, b + 1);
      hidden[m]?.fill(1, b, b + 1);
    });
  }
  return { seen, hidden };
}
