import { defined } from "../../../core/defined.js";
import { foldIn, integerAt, randomKey, uniformAt } from "../../../core/random.js";
import type { SampleDraws } from "../../../nn/sample-draws.js";

/** What a model is shown of each sample, and what is kept from it so that it learns to recover it. */
export interface Hidden {
  /** M of [B]: 1 where the sample has the modality and the model sees it. */
  readonly seen: readonly Uint8Array[];
  /**
   * M of [B]: 1 where the sample has the modality and the model does not see it: known targets of a recovery.
   */
  readonly hidden: readonly Uint8Array[];
}

/**
 * In training, with probability `rate`, a sample that has two modalities or more loses some of them: each
 * nonempty proper subset of those that it has is equally likely to be the one that stays. At evaluation
 * nothing is hidden. A sample's draw depends on (seed, purpose, step, sample) and on what it has, not on its
 * batch.
 * @param present M of [B] @param rate in [0, 1]
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
    // its binary digits say which stay: neither none nor all
    const kept = 1 + integerAt(key, 0, 2 ** owned.length - 2);
    owned.forEach((m, digit) => {
      if (Math.floor(kept / 2 ** digit) % 2 === 1) return;
      seen[m]?.fill(0, b, b + 1);
      hidden[m]?.fill(1, b, b + 1);
    });
  }
  return { seen, hidden };
}
