import { foldIn, integerAt, uniformAt, type RandomKey } from "../../core/random.js";
import { severityFrom } from "../../corruption/feature-kinds.js";
import { featureCorruption } from "../../corruption/register-corruption.js";

/** Kinds of corruption of the embedded data set. */
export const syntheticKinds = ["noise", "dropout", "block", "swap", "saturation"] as const;

export type SyntheticKind = (typeof syntheticKinds)[number];

/** Fraction of (clip, modality) slots that stay clean. */
export const CLEAN_SHARE = 0.55;

/** Corrupted features of one modality of one split. */
export interface Corrupted {
  /** [N, D] */
  readonly values: Float32Array;
  readonly severity: Float32Array;
  readonly kind: string[];
}

/**
 * Corrupts each clip independently of the others. Does not change `clean` [N, D].
 * @param kinds possible kinds, all equally likely
 */
export function corruptView(
  clean: Float32Array,
  width: number,
  key: RandomKey,
  kinds: readonly SyntheticKind[],
): Corrupted {
  const count = clean.length / width;
  const values = clean.slice();
  const units = { mean: new Float64Array(width), std: new Float64Array(width).fill(1) };
  const severity = new Float32Array(count);
  const kind = Array.from({ length: count }, (_, n) => {
    const clip = foldIn(key, n);
    const name = kinds[integerAt(clip, 0, kinds.length)];
    if (uniformAt(clip, 1) < CLEAN_SHARE || name === undefined) return "clean";
    const drawn = severityFrom(uniformAt(clip, 2));
    const other = (n + 1 + integerAt(clip, 3, Math.max(1, count - 1))) % count;
    const change = featureCorruption(name);
    change.corrupt(
      {
        ...units,
        steps: [values.subarray(n * width, (n + 1) * width)],
        others: [clean.subarray(other * width, (other + 1) * width)],
      },
      change.amountAt(drawn),
      { sample: clip, step: () => foldIn(clip, 4) },
    );
    severity[n] = drawn;
    return name;
  });
  return { values, severity, kind };
}
