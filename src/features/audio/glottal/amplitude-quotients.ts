import type { GlottalFlow } from "./inverse-filtering.js";
import { sampleRate } from "./analysis-rate.js";
import type { Pulse } from "./pulses.js";

/**
 * A closure is looked for up to 0.5 ms after its instant, as in COVAREP: the residual's peak and the
 * derivative's differ a little.
 */
const CLOSURE_SLACK = (0.5 * sampleRate) / 1000;
const OPEN_LEVEL = 0.5;

export interface AmplitudeQuotients {
  /**
   * Normalised amplitude quotient: greatest flow / (greatest size of its derivative x period). Small for
   * tense, large for breathy voice (Alku, Backstrom & Vilkman, "Normalized amplitude quotient for
   * parametrization of the glottal flow", JASA 112(2), 2002). About 0.11 Rd for LF pulses.
   */
  readonly naq: number;
  /**
   * Quasi-open quotient: the share of the period during which the flow is above half its greatest value
   * (Hacki, Folia Phoniatrica 41, 1989). In [0, 1].
   */
  readonly qoq: number;
}

/**
 * Of one cycle, whose flow is first freed from drift: the line between its values at the two closures is
 * subtracted. Undefined if nothing flows.
 */
export function amplitudeQuotients(
  { flow, derivative }: GlottalFlow,
  { start, end }: Pulse,
): AmplitudeQuotients | undefined {
  const period = end - start;
  const first = flow[start] ?? 0;
  const drift = ((flow[end] ?? 0) - first) / period;
  const cycle = flow.slice(start, end + 1).map((value, i) => value - first - drift * i);
  const peak = cycle.reduce((best, value, i) => (value > (cycle[best] ?? 0) ? i : best), 0);
  const height = cycle[peak] ?? 0;
  let decline = 0;
  for (let n = start; n <= Math.min(end + CLOSURE_SLACK, derivative.length - 1); n++)
    decline = Math.max(decline, Math.abs(derivative[n] ?? 0));
  if (!(height > 0) || !(decline > 0)) return undefined;
  const level = OPEN_LEVEL * height;
  return {
    naq: height / (decline * period),
    qoq: (crossing(cycle, peak, 1, level) - crossing(cycle, peak, -1, level)) / period,
  };
}

/** Where the flow falls to `level` on one side of its peak, between samples. */
function crossing(cycle: Float64Array, peak: number, direction: 1 | -1, level: number): number {
  let i = peak;
  while (i + direction >= 0 && i + direction < cycle.length && (cycle[i] ?? 0) > level) i += direction;
  const outside = cycle[i] ?? 0;
  const inside = cycle[i - direction] ?? 0;
  return inside > outside && outside <= level ? i - (direction * (level - outside)) / (inside - outside) : i;
}
