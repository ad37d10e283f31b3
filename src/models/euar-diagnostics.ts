import { defined } from "../core/defined.js";
import type { ExpertMixture } from "../tensor/ops/expert-mixture.js";
import type { ModalityDiagnostics } from "./model.js";

/**
 * Returns the diagnostics of one modality: the K selected experts with their gates and sigma^2, and the
 * uncertainty. The uncertainty is the gate-weighted mean of sigma^2: sum_j G_j sigma_j^2 / sum_j G_j over the
 * selected experts.
 * @param mixture undefined if no sample of the batch has the modality
 */
export function euarDiagnostics(
  mixture: ExpertMixture | undefined,
  present: ArrayLike<number>,
  selected: number,
  contribution: Float32Array | undefined,
): ModalityDiagnostics {
  const batch = present.length;
  const experts = new Int32Array(batch * selected).fill(-1);
  const gates = new Float32Array(batch * selected);
  const sigma2 = new Float32Array(batch * selected).fill(NaN);
  const uncertainty = new Float32Array(batch).fill(NaN);
  if (mixture) {
    const { slots } = mixture;
    const [indexView, gateView, sigmaView] = [
      mixture.indices.view,
      mixture.gates.buffer.view,
      mixture.sigma2.buffer.view,
    ];
    for (let b = 0; b < batch; b++) {
      if (present[b] === 0) continue;
      let weighted = 0;
      let total = 0;
      for (let s = 0; s < selected; s++) {
        const [from, to] = [b * slots + s, b * selected + s];
        experts[to] = indexView[from] ?? -1;
        gates[to] = defined(gateView[from]);
        sigma2[to] = defined(sigmaView[from]);
        weighted += defined(gateView[from]) * defined(sigmaView[from]);
        total += defined(gateView[from]);
      }
      uncertainty[b] = weighted / total;
    }
  }
  return { uncertainty, experts, gates, sigma2, ...(contribution ? { contribution } : {}) };
}
