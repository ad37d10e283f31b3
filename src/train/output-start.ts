import { defined } from "../core/defined.js";
import { log } from "../core/math.js";
import { outputsOf, type Split } from "../data/dataset.js";
import type { Model } from "../models/model.js";

/**
 * Sets the output bias to the best constant prediction for the training split.
 *
 * Regression: means of the labels. Classification: log class frequencies. Multi-label: log odds of the
 * labels. Counts have one extra sample per class or state, so that an absent class stays finite. Without this
 * start, the first epochs only learn the mean, and early stopping may end them before that.
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
