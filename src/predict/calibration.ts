import { defined } from "../core/defined.js";
import { exp, log } from "../core/math.js";
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

/** Step of the quantile table above which a tail is fitted: the most uncertain fifth of the samples. */
const TAIL_FROM = 80;

/**
 * Returns the fraction of clean samples with a lower uncertainty of the modality, in [0, 1], estimated from
 * the validation samples that have it. Null without calibration, or with fewer than 20 such samples.
 *
 * Up to 0.8 it is the fraction of the validation samples, by linear interpolation. Above, a few samples
 * cannot resolve it: a new sample exceeds all of 24 samples with probability 1/25. There the logarithm of the
 * uncertainty has an exponential tail, whose scale is the mean excess b of the most uncertain fifth (peaks
 * over threshold, Davison and Smith 1990, with shape 0). The scale comes from only m = n / 5 samples, so the
 * probability of a larger excess x is (1 + x / (m b))^-m instead of exp(-x / b). Uncertainties of which four
 * fifths are 0 have no such tail, and are interpolated.
 */
export function uncertaintyPercentile(
  calibration: Calibration | undefined,
  modality: string,
  uncertainty: number | null,
): number | null {
  if (!calibration || uncertainty === null || !Object.hasOwn(calibration.uncertainty, modality)) return null;
  const table = defined(calibration.uncertainty[modality]);
  const samples = samplesBehind(calibration, modality);
  if (samples < FEWEST_FOR_PERCENTILES) return null;
  const start = defined(table[TAIL_FROM]);
  if (start > 0 && uncertainty > start) return tailPercentile(table, uncertainty, samples);
  const last = start > 0 ? TAIL_FROM : QUANTILE_STEPS;
  let below = 0;
  while (below < last && defined(table[below + 1]) <= uncertainty) below += 1;
  const [from, to] = [defined(table[below]), table[below + 1] ?? Infinity];
  const between = to > from ? Math.max(0, Math.min(1, (uncertainty - from) / (to - from))) : 0;
  return Math.min(last, below + between) / QUANTILE_STEPS;
}

/** Returns the percentile of an uncertainty above the quantile `TAIL_FROM`. 1 if the samples have no tail. */
function tailPercentile(table: Float64Array, uncertainty: number, samples: number): number {
  const start = defined(table[TAIL_FROM]);
  const steps = QUANTILE_STEPS - TAIL_FROM;
  const share = steps / QUANTILE_STEPS;
  let excess = 0;
  for (let step = TAIL_FROM + 1; step <= QUANTILE_STEPS; step++) {
    const weight = step === QUANTILE_STEPS ? 0.5 : 1; // trapezoids: the largest sample may be far away
    excess += (weight * log(defined(table[step]) / start)) / steps;
  }
  if (!(excess > 0)) return 1;
  const count = share * samples;
  return 1 - share * exp(-count * log(1 + log(uncertainty / start) / (count * excess)));
}

/** Number of validation samples that have the modality. */
function samplesBehind({ outputs, uncertaintySamples }: Calibration, modality: string): number {
  if (uncertaintySamples && Object.hasOwn(uncertaintySamples, modality))
    return defined(uncertaintySamples[modality]);
  if (outputs.kind === "multi-label") return outputs.samples;
  return (outputs.kind === "classification" ? outputs.scores : outputs.targets[0]?.scores)?.length ?? 0;
}
