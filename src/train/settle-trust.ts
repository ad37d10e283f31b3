import { mean } from "../core/averages.js";
import { defined } from "../core/defined.js";
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
  if (!isBetter.includes(true) || !isBetter.includes(false)) return [];
  const trusted = isBetter.map((better) => better !== false);
  const prediction = constantOutputs(signature.task, train.labels);
  settle(trusted, { prediction, spread: prediction.map(() => 0) });
  const used = names.filter((_, m) => trusted[m]);
  settle(trusted, {
    prediction,
    spread: constantSpread(model, restrictSplit(valid, used), prediction, seed),
  });
  return names.filter((_, m) => trusted[m] !== true);
}

/**
 * Returns the spread of a constant prediction of numbers: as many times larger than the mean spread as its
 * mean error is larger than that of the model. Prediction intervals add the mean spread to each spread, so
 * that the sums are compared. 0 for other tasks, whose sets of classes do not use spreads.
 * @param valid the trusted modalities
 */
function constantSpread(model: Model, valid: Split, constant: Float64Array, seed: number): Float64Array {
  const { task } = model.signature;
  const { prediction, spread } = forwardSplit(model, valid, seed, { spread: true });
  if (task.kind !== "regression" || !spread) return constant.map(() => 0);
  return constant.map((value, target) => {
    const rows = Array.from({ length: valid.size }, (_, row) => row * constant.length + target);
    const labels = rows.map((at) => defined(valid.labels[at]));
    const errors = rows.map((at, row) => Math.abs(defined(prediction[at]) - defined(labels[row])));
    const ratio = mean(labels.map((label) => Math.abs(value - label))) / mean(errors);
    const usual = mean(rows.map((at) => defined(spread[at])));
    return Number.isFinite(ratio) ? usual * Math.max(0, 2 * ratio - 1) : usual;
  });
}
