import { log } from "../core/math.js";
import type { ExpertMixture } from "../tensor/ops/expert-mixture.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * The logarithm of a modality's uncertainty, log(sum_j G_j sigma_j^2 / sum_j G_j), with gradients to the
 * variances and the gates; its exponential is what the diagnostics report.
 * @param present [B]
 * @returns [B, 1]; 0 where the sample is absent
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
      weighted[b] = (weighted[b] ?? NaN) + (gateView[s] ?? NaN) * (sigmaView[s] ?? NaN);
      total[b] = (total[b] ?? NaN) + (gateView[s] ?? NaN);
    }
    values[b] = present[b] === 0 ? 0 : log((weighted[b] ?? NaN) / (total[b] ?? NaN));
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
      const slope = slopes[b] ?? NaN;
      for (let s = b * slots; s < (b + 1) * slots; s++) {
        dgates[s] =
          (dgates[s] ?? NaN) + slope * ((v[s] ?? NaN) / (weighted[b] ?? NaN) - 1 / (total[b] ?? NaN));
        dsigma[s] = (dsigma[s] ?? NaN) + (slope * (g[s] ?? NaN)) / (weighted[b] ?? NaN);
      }
    }
  });
  return out;
}
