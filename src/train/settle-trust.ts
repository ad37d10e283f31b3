import { constantOutputs, gainOverConstant, isGain } from "../evaluate/gain-over-constant.js";
import { restrictSplit } from "../corruption/restrict-split.js";
import type { Split } from "../data/dataset.js";
import type { Model } from "../models/model.js";
import { forwardSplit } from "../predict/forward-split.js";

/**
 * Settles which modalities the model trusts, at the end of training: those that alone are better than a
 * constant prediction on the validation split, beyond chance. A sample without a trusted one gets the
 * constant. Modalities of too few samples are trusted. If none is better than a constant, all are trusted.
 *
 * @returns modalities that are not trusted
 */
export function settleTrust(
  model: Model,
  { train, valid }: Readonly<Record<"train" | "valid", Split>>,
  seed: number,
): readonly string[] {
  const { settleTrust: settle, signature } = model;
  if (!settle) return [];
  const names = signature.modalities.map(({ name }) => name);
  const isBetter = names.map((name) => {
    const { prediction } = forwardSplit(model, restrictSplit(valid, [name]), seed);
    const gains = gainOverConstant(signature.task, prediction, valid.labels, train.labels);
    const present = valid.modalities[name]?.present ?? [];
    return isGain(gains.filter((_, row) => present[row] === 1));
  });
  if (!isBetter.includes(true)) return [];
  settle(
    isBetter.map((better) => better !== false),
    constantOutputs(signature.task, train.labels),
  );
  return names.filter((_, m) => isBetter[m] === false);
}
