import { defined } from "../core/defined.js";
import { log } from "../core/math.js";
import type { ExpertMixture } from "../tensor/ops/expert-mixture.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * Computes the logarithm of a modality's uncertainty, log(sum_j G_j sigma_j^2 / sum_j G_j), with gradients to
 * the variances and the gates. The diagnostics report its exponential.
 * @param present [B]
 * @returns [B, 1]; 0 if the sample lacks the modality
 */
export function logUncertainty(
  tape: Tape,
  { gates, sigma2, slots }: ExpertMixture,
  present: ArrayLike<number>,
): Tensor {
  const batch = present.length;
  const out = tape.output([batch, 1], [gates, sigma2]); // [B, 1]
  const weighted = new Float64Array(batch);
  const total = new Float64Array(batch);
  const [gateView, sigmaView, values] = [gates.buffer.view, sigma2.buffer.view, out.buffer.view];
  for (let b = 0; b < batch; b++) {
    for (let s = b * slots; s < (b + 1) * slots; s++) {
      weighted[b] = defined(weighted[b]) + defined(gateView[s]) * defined(sigmaView[s]);
      total[b] = defined(total[b]) + defined(gateView[s]);
    }
    values[b] = present[b] === 0 ? 0 : log(defined(weighted[b]) / defined(total[b]));
  }
  tape.record(out, (dout) => {
    const [intoGates, intoSigma] = [tape.gradientOf(gates), tape.gradientOf(sigma2)];
    const [dgates, dsigma, slopes, g, v] = [
      intoGates.view,
      intoSigma.view,
      dout.view,
      gates.buffer.view,
      sigma2.buffer.view,
    ];
    for (let b = 0; b < batch; b++) {
      if (present[b] === 0) continue;
      const slope = defined(slopes[b]);
      for (let s = b * slots; s < (b + 1) * slots; s++) {
        dgates[s] =
          defined(dgates[s]) + slope * (defined(v[s]) / defined(weighted[b]) - 1 / defined(total[b]));
        dsigma[s] = defined(dsigma[s]) + (slope * defined(g[s])) / defined(weighted[b]);
      }
    }
  });
  return out;
}
