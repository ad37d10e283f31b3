import type { LfPulse } from "../lf-model.js";

/**
 * Returns e(t) of the LF model for t in [0, 1] by its definition, against which the spectrum and the
 * synthetic voices are tested.
 */
export function lfWaveform(pulse: LfPulse, t: number): number {
  const { te, ta, alpha, omega, epsilon, amplitude } = pulse;
  if (t <= te) return amplitude * Math.exp(alpha * t) * Math.sin(omega * t);
  return -(Math.exp(-epsilon * (t - te)) - Math.exp(-epsilon * (1 - te))) / (epsilon * ta);
}
