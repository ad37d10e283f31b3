import { joinArrays } from "../core/join-arrays.js";
import type { DamagedCopies, Split } from "../data/dataset.js";
import { meanRows } from "../nn/masked-mean.js";
import { presence } from "../nn/sequence.js";
import type { Branch } from "./euar-branch.js";
import type { DataSignature } from "./model.js";

/**
 * Fits the layer for variances of each modality to the severities of the copies, and to the clean training
 * samples with the severity 0. Modalities without the layer or without copies are left as they are, and
 * so are those with too much data for a fit within seconds.
 * @param branches one for each modality of the signature
 */
export function fitVarianceHeads(
  branches: readonly Branch[],
  { modalities }: DataSignature,
  train: Split,
  copies: DamagedCopies,
): void {
  modalities.forEach(({ name }, m) => {
    const [clean, damaged, truth] = [train.modalities[name], copies.modalities[name], copies.damage[name]];
    const head = branches[m]?.variance;
    if (!head || !clean || !damaged || !truth) return;
    const present = presence(damaged);
    const known = truth.severity.filter((_, copy) => present[copy] === 1);
    const count = presence(clean).reduce((sum, flag) => sum + flag, known.length);
    if (known.length === 0 || !head.canFit(count)) return;
    const [originals, corrupted] = [meanRows(clean), meanRows(damaged)];
    const unharmed = new Float32Array(originals.length / clean.width);
    head.fit(joinArrays(originals, corrupted), joinArrays(unharmed, Float32Array.from(known)));
  });
}
