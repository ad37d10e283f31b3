import { defined } from "../../core/defined.js";
import { ShapeError } from "../../core/errors.js";
import type { Tape } from "../../tensor/tape.js";
import { formatShape, type Tensor } from "../../tensor/tensor.js";

/**
 * Ranking loss of QMF (Zhang et al., ICML 2023, Eq. 9, after Moon et al., ICML 2020).
 *
 * Compares neighbours i and j = i + 1 among the counted samples; the last one is compared with the first. The
 * sample with the larger loss l should have the lower confidence c. Losses are scaled to [0, 1] by the least
 * and largest of the batch. With g = sign(l_j - l_i), the loss is the mean of max(0, |l_i - l_j| - g (c_i -
 * c_j)). Gradients flow into confidences; losses are constants.
 * @param confidence [B]
 * @param losses [B]
 * @param rows counted samples
 * @returns a scalar, at least 0; 0 for fewer than two rows
 */
export function confidenceRankingLoss(
  tape: Tape,
  confidence: Tensor,
  losses: ArrayLike<number>,
  rows: readonly number[],
): Tensor {
  if (confidence.shape.length !== 1 || losses.length !== confidence.size)
    throw new ShapeError(
      `confidenceRankingLoss: expected confidences and losses of shape [B], ` +
        `got ${formatShape(confidence.shape)} and ${losses.length} losses`,
    );
  const counted = rows.map((row) => defined(losses[row]));
  const [least, largest] = [Math.min(...counted), Math.max(...counted)];
  const level = counted.map((loss) => (largest > least ? (loss - least) / (largest - least) : 0));
  const values = confidence.buffer.view;
  const slopes = new Float64Array(confidence.size);
  const count = rows.length < 2 ? 0 : rows.length;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const j = (i + 1) % count;
    const [a, b] = [defined(rows[i]), defined(rows[j])];
    const difference = defined(level[j]) - defined(level[i]);
    const direction = Math.sign(difference);
    const gap = Math.abs(difference) - direction * (defined(values[a]) - defined(values[b]));
    if (!(gap > 0)) continue;
    total += gap / count;
    slopes[a] = defined(slopes[a]) - direction / count;
    slopes[b] = defined(slopes[b]) + direction / count;
  }
  const out = tape.output([], [confidence]); // []
  out.buffer.view[0] = total;
  tape.record(out, (dout) => {
    const into = tape.gradientOf(confidence).view;
    const scale = defined(dout.view[0]);
    for (let b = 0; b < slopes.length; b++) into[b] = defined(into[b]) + scale * defined(slopes[b]);
  });
  return out;
}
