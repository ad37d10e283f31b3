import { defined } from "../core/defined.js";
import { log } from "../core/math.js";
import { outputsOf, type Split } from "../data/dataset.js";
import type { Model } from "../models/model.js";

/**
 * Starts a model at the best constant prediction: the output bias becomes the training split's label means
 * (regression), the logarithms of its class frequencies, or the log odds of its labels (with one sample more
 * per class or state, so that an absent one stays finite). Otherwise the first epochs go into learning the mean, and early stopping may end them
 * before that is done.
 */
export function startAtMean(model: Model, train: Split): void {
  const { task } = model.signature;
  const outputs = outputsOf(task);
  const sums = new Float64Array(outputs);
  if (task.kind === "classification") {
    for (const label of train.labels) sums[label] = defined(sums[label]) + 1;
  } else {
    train.labels.forEach((label, i) => {
      sums[i % outputs] = defined(sums[i % outputs]) + label;
    });
  }
  const start = sums.map((sum) => {
    if (task.kind === "classification") return log((sum + 1) / (train.size + outputs));
    return task.kind === "multi-label" ? log((sum + 1) / (train.size - sum + 1)) : sum / train.size;
  });
  model.outputBias.buffer.view.set(start);
}
