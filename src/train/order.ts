import { defined } from "../core/defined.js";
import { foldIn, integerAt, permutation, randomKey, uniformAt } from "../core/random.js";
import type { Split } from "../data/dataset.js";

/** The order of an epoch's samples: a permutation keyed by (seed, epoch). [N] */
export function epochOrder(seed: number, epoch: number, size: number): Int32Array {
  return permutation(foldIn(randomKey(seed, "order"), epoch), size);
}

/**
 * Which modalities each training sample keeps in an epoch: each one that it has is dropped with probability
 * `rate`, keyed by (seed, epoch, sample); where all would go, one of them, drawn uniformly, stays. [N] per
 * modality.
 */
export function modalityDropout(
  split: Split,
  rate: number,
  seed: number,
  epoch: number,
): Readonly<Record<string, Uint8Array>> {
  const tables = Object.entries(split.modalities);
  const kept = tables.map(([, table]) => table.present.slice());
  const key = foldIn(randomKey(seed, "modality-dropout"), epoch);
  for (let sample = 0; sample < split.size; sample++) {
    const own = foldIn(key, sample);
    const had = tables.map((_, m) => m).filter((m) => kept[m]?.[sample] === 1);
    const survivors = had.filter((m) => uniformAt(own, m) >= rate);
    if (survivors.length === 0 && had.length > 0)
      survivors.push(defined(had[integerAt(own, tables.length, had.length)]));
    for (const m of had) {
      const present = kept[m];
      if (present) present[sample] = survivors.includes(m) ? 1 : 0;
    }
  }
  return Object.fromEntries(tables.map(([name], m) => [name, kept[m] ?? new Uint8Array(split.size)]));
}

/** The split with other presence flags, sharing everything else. */
export function withPresence(split: Split, present: Readonly<Record<string, Uint8Array>>): Split {
  const modalities = Object.entries(split.modalities).map(
    ([name, table]) => [name, { ...table, present: present[name] ?? table.present }] as const,
  );
  return { ...split, modalities: Object.fromEntries(modalities) };
}
