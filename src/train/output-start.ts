import { log } from "../core/math.js";
import { outputsOf, type Split } from "../data/dataset.js";
import type { Model } from "../models/model.js";

/**
 * Starts a model at the best constant prediction: the output bias becomes the training split's label means
 * (regression), or the logarithms of its class frequencies (with one sample more per class, so that an absent
 * class stays finite). Otherwise the first epochs go into learning the mean, and early stopping may end them
 * before that is done.
 */
export function startAtMean(model: Model, train: Split): void {
  const { task } = model.signature;
  const outputs = outputsOf(task);
  const sums = new Float64Array(outputs);
  if (task.kind === "classification") {
    for (const label of train.labels) sums[label] = (sums[label] ?? 0) + 1;
  } else {
    train.labels.forEach((label, i) => {
      sums[i % outputs] = (sums[i % outputs] ?? 0) + label;
    });
  }
  const start = sums.map((sum) =>
    task.kind === "classification" ? log((sum + 1) / (train.size + outputs)) : sum / train.size,
  );
  model.outputBias.buffer.view.set(start);
}
