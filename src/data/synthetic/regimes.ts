import { foldIn, integerAt, uniformAt, type RandomKey } from "../../core/random.js";
import { REGIMES, type RegimeName, severityFrom } from "../../corruption/regimes.js";

/** Share of (clip, modality) slots that are left clean. */
export const CLEAN_SHARE = 0.55;

/** What happened to one modality of one split. */
export interface Corrupted {
  /** [N, D] */
  readonly values: Float32Array;
  readonly severity: Float32Array;
  readonly kind: string[];
}

/**
 * Corrupts each clip independently of the others. `clean` [N, D] is left as it is.
 * @param kinds what may happen; each is as likely as the others
 */
export function corruptView(
  clean: Float32Array,
  width: number,
  key: RandomKey,
  kinds: readonly RegimeName[],
): Corrupted {
  const count = clean.length / width;
  const values = clean.slice();
  const severity = new Float32Array(count);
  const kind = Array.from({ length: count }, (_, n) => {
    const clip = foldIn(key, n);
    const regime = kinds[integerAt(clip, 0, kinds.length)];
    if (uniformAt(clip, 1) < CLEAN_SHARE || regime === undefined) return "clean";
    const amount = severityFrom(uniformAt(clip, 2));
    const other = (n + 1 + integerAt(clip, 3, Math.max(1, count - 1))) % count;
    REGIMES[regime](
      values.subarray(n * width, (n + 1) * width),
      amount,
      foldIn(clip, 4),
      clean.subarray(other * width, (other + 1) * width),
    );
    severity[n] = amount;
    return regime;
  });
  return { values, severity, kind };
}
