import { defined } from "../../../core/defined.js";
import type { GlottalFlow } from "./inverse-filtering.js";
import { sampleRate } from "./analysis-rate.js";
import type { Pulse } from "./pulses.js";

/**
 * Length of the search for a closure after its instant, 0.5 ms as in COVAREP: the peaks of the residual and
 * of the derivative differ slightly.
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
   * Quasi-open quotient: fraction of the period during which the flow is above half its greatest value
   * (Hacki, Folia Phoniatrica 41, 1989). In [0, 1].
   */
  readonly qoq: number;
}

/**
 * Computes the quotients of one cycle. First subtracts the line between the flow at both closures, which
 * removes drift. Undefined without flow.
 */
export function amplitudeQuotients(
  { flow, derivative }: GlottalFlow,
  { start, end }: Pulse,
): AmplitudeQuotients | undefined {
  const period = end - start;
  const first = defined(flow[start]);
  const drift = (defined(flow[end]) - first) / period;
  const cycle = flow.slice(start, end + 1).map((value, i) => value - first - drift * i);
  const peak = cycle.reduce((best, value, i) => (value > defined(cycle[best]) ? i : best), 0);
  const height = defined(cycle[peak]);
  let decline = 0;
  for (let n = start; n <= Math.min(end + CLOSURE_SLACK, derivative.length - 1); n++)
    decline = Math.max(decline, Math.abs(defined(derivative[n])));
  if (!(height > 0) || !(decline > 0)) return undefined;
  const level = OPEN_LEVEL * height;
  return {
    naq: height / (decline * period),
    qoq: (crossing(cycle, peak, 1, level) - crossing(cycle, peak, -1, level)) / period,
  };
}

/** Returns the position, between samples, where the flow falls to `level` on one side of its peak. */
function crossing(cycle: Float64Array, peak: number, direction: 1 | -1, level: number): number {
  let i = peak;
  while (i + direction >= 0 && i + direction < cycle.length && defined(cycle[i]) > level) i += direction;
  const outside = defined(cycle[i]);
  const inside = defined(cycle[i - direction]);
  return inside > outside && outside <= level ? i - (direction * (level - outside)) / (inside - outside) : i;
}
