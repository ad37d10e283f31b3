import { defined } from "../core/defined.js";
import { exp } from "../core/math.js";
import { type Calibration, QUANTILE_STEPS } from "../runs/stored-calibration.js";

/** Default nominal coverage of intervals and sets of classes, as a fraction. */
export const DEFAULT_LEVEL = 0.9;

/** softmax(logits / temperature), in float64. */
export function softmax(logits: Float32Array, temperature = 1): number[] {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = Array.from(logits, (logit) => exp((logit - largest) / temperature));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** Minimum number of samples for a percentile. */
const FEWEST_FOR_PERCENTILES = 20;

/**
 * Returns the fraction of validation samples with a lower uncertainty of the modality, in [0, 1]. Null
 * without calibration, or with fewer than 20 samples.
 */
export function uncertaintyPercentile(
  calibration: Calibration | undefined,
  modality: string,
  uncertainty: number | null,
): number | null {
  if (calibration && validationSamples(calibration) < FEWEST_FOR_PERCENTILES) return null;
  const table =
    calibration && Object.hasOwn(calibration.uncertainty, modality)
      ? calibration.uncertainty[modality]
      : undefined;
  if (!table || uncertainty === null) return null;
  let below = 0;
  while (below < QUANTILE_STEPS && (table[below + 1] ?? Infinity) <= uncertainty) below += 1;
  if (below === QUANTILE_STEPS) return 1;
  const [from, to] = [defined(table[below]), defined(table[below + 1])];
  return (below + Math.max(0, Math.min(1, (uncertainty - from) / (to - from)))) / QUANTILE_STEPS;
}

function validationSamples({ outputs }: Calibration): number {
  if (outputs.kind === "multi-label") return outputs.samples;
  return (outputs.kind === "classification" ? outputs.scores : outputs.targets[0]?.scores)?.length ?? 0;
}
