import { defined } from "../core/defined.js";
import { foldIn, integerAt, permutation, randomKey, uniformAt } from "../core/random.js";
import type { Split } from "../data/dataset.js";

/** Returns the order of an epoch's samples, a permutation keyed by (seed, epoch). [N] */
export function epochOrder(seed: number, epoch: number, size: number): Int32Array {
  return permutation(foldIn(randomKey(seed, "order"), epoch), size);
}

/**
 * Draws the modalities that each training sample keeps in an epoch. [N] per modality.
 *
 * Drops each present modality with probability `rate`, keyed by (seed, epoch, sample). If all would be
 * dropped, keeps one of them, drawn uniformly.
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
    const sampleKey = foldIn(key, sample);
    const presentOnes = tables.map((_, m) => m).filter((m) => kept[m]?.[sample] === 1);
    const keptOnes = presentOnes.filter((m) => uniformAt(sampleKey, m) >= rate);
    if (keptOnes.length === 0 && presentOnes.length > 0)
      keptOnes.push(defined(presentOnes[integerAt(sampleKey, tables.length, presentOnes.length)]));
    for (const m of presentOnes) {
      const present = kept[m];
      if (present) present[sample] = keptOnes.includes(m) ? 1 : 0;
    }
  }
  return Object.fromEntries(tables.map(([name], m) => [name, kept[m] ?? new Uint8Array(split.size)]));
}

/** Returns the split with other presence flags. Shares everything else. */
export function withPresence(split: Split, present: Readonly<Record<string, Uint8Array>>): Split {
  const modalities = Object.entries(split.modalities).map(
    ([name, table]) => [name, { ...table, present: present[name] ?? table.present }] as const,
  );
  return { ...split, modalities: Object.fromEntries(modalities) };
}
