import { sqrt } from "../../core/math.js";
import { foldIn, integerAt, uniformAt, type RandomKey } from "../../core/random.js";
import { fillNormal } from "../fill-normal.js";

/** Changes one clip's features (in units of their deviation) in place; severity in (0, 1]. `other` is another clip's clean row. */
type Corrupt = (row: Float32Array, severity: number, key: RandomKey, other: Float32Array) => void;

const noise: Corrupt = (row, severity, key) => {
  const extra = new Float32Array(row.length);
  fillNormal(key, extra, 2 * severity);
  for (let d = 0; d < row.length; d++) row[d] = (row[d] ?? 0) + (extra[d] ?? 0);
};

const dropout: Corrupt = (row, severity, key) => {
  for (let d = 0; d < row.length; d++) if (uniformAt(key, d) < severity) row[d] = 0;
};

const block: Corrupt = (row, severity, key) => {
  const length = Math.round(severity * row.length);
  const start = integerAt(key, 0, row.length);
  for (let i = 0; i < length; i++) row[(start + i) % row.length] = 0;
};

const swap: Corrupt = (row, severity, _key, other) => {
  const kept = sqrt(1 - severity * severity); // keeps the variance, so that one modality alone does not give it away
  for (let d = 0; d < row.length; d++) row[d] = kept * (row[d] ?? 0) + severity * (other[d] ?? 0);
};

const saturation: Corrupt = (row, severity) => {
  const gain = 1 + 3 * severity;
  const limit = 2.5 - 2 * severity;
  for (let d = 0; d < row.length; d++) row[d] = Math.max(-limit, Math.min(limit, gain * (row[d] ?? 0)));
};

/** The corruption regimes; each is as likely as the others. */
export const REGIMES: Readonly<Record<string, Corrupt>> = { noise, dropout, block, swap, saturation };

/** Share of (clip, modality) slots that are left clean. */
export const CLEAN_SHARE = 0.55;

/** Least severity of a corrupted slot; the largest is 1. */
const LEAST = 0.1;

/** What happened to one modality of one split. */
export interface Corrupted {
  /** [N, D] */
  readonly values: Float32Array;
  readonly severity: Float32Array;
  readonly kind: string[];
}

/** Corrupts each clip independently of the others. `clean` [N, D] is left as it is. */
export function corruptView(clean: Float32Array, width: number, key: RandomKey): Corrupted {
  const count = clean.length / width;
  const values = clean.slice();
  const severity = new Float32Array(count);
  const names = Object.keys(REGIMES);
  const kind = Array.from({ length: count }, (_, n) => {
    const clip = foldIn(key, n);
    const regime = names[integerAt(clip, 0, names.length)];
    const apply = regime === undefined ? undefined : REGIMES[regime];
    if (uniformAt(clip, 1) < CLEAN_SHARE || regime === undefined || apply === undefined) return "clean";
    const amount = LEAST + (1 - LEAST) * uniformAt(clip, 2);
    const other = (n + 1 + integerAt(clip, 3, Math.max(1, count - 1))) % count;
    apply(values.subarray(n * width, (n + 1) * width), amount, foldIn(clip, 4), clean.subarray(other * width, (other + 1) * width));
    severity[n] = amount;
    return regime;
  });
  return { values, severity, kind };
}
