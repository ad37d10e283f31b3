import { defined } from "../core/defined.js";

/** Returns the index of the largest logit of each row. Ties take the first. [N, C] -> [N] */
export function mostProbable(logits: Float32Array, classes: number): Int32Array {
  const out = new Int32Array(logits.length / classes);
  for (let row = 0; row < out.length; row++) {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (defined(logits[row * classes + c]) > defined(logits[row * classes + best])) best = c;
    }
    out[row] = best;
  }
  return out;
}
