import { defined } from "../core/defined.js";
import { cos, sin } from "../core/math.js";

/**
 * Quality factors of the two sections of a fourth-order Butterworth filter: 1 / (2 cos(pi / 8)) and 1 / (2
 * cos(3 pi / 8)).
 */
const SECTIONS = [0.5411961001461969, 1.3065629648763764];

/** Edge of a filter, in Hz at a sampling rate. */
export interface Cutoff {
  /** Hz, above 0 and below half the sampling rate. */
  readonly hertz: number;
  readonly sampleRate: number;
}

/**
 * Returns the part of a signal above the cut-off. A fourth-order Butterworth filter (bilinear transform) runs
 * forwards and then backwards, so that there is no delay. The gain is -6 dB at the cut-off.
 */
export function highPass(signal: Float64Array, cutoff: Cutoff): Float64Array {
  return bothWays(signal, cutoff, -1);
}

/** Returns the part of a signal below the cut-off, with the same filter as {@link highPass}. */
export function lowPass(signal: Float64Array, cutoff: Cutoff): Float64Array {
  return bothWays(signal, cutoff, 1);
}

/** -1 for high-pass, 1 for low-pass: the sign of the cosine in the gain and of the middle tap. */
type Side = -1 | 1;

function bothWays(signal: Float64Array, cutoff: Cutoff, side: Side): Float64Array {
  const filtered = Float64Array.from(signal);
  for (const quality of SECTIONS) {
    filterSection(filtered, cutoff, quality, side);
    filtered.reverse();
    filterSection(filtered, cutoff, quality, side);
    filtered.reverse();
  }
  return filtered;
}

/**
 * Filters in place. The initial state is that after a constant signal equal to the first sample, so that
 * there is no click at the start.
 */
function filterSection(x: Float64Array, { hertz, sampleRate }: Cutoff, quality: number, side: Side): void {
  const angle = (2 * Math.PI * hertz) / sampleRate;
  const damping = sin(angle) / (2 * quality);
  const gain = (1 - side * cos(angle)) / 2 / (1 + damping);
  const a1 = (-2 * cos(angle)) / (1 + damping);
  const a2 = (1 - damping) / (1 + damping);
  const middle = 2 * side;
  if (x.length === 0) return;
  const first = defined(x[0]);
  const constant = side === 1 ? first : 0;
  let x1 = 0;
  let x2 = 0;
  let y1 = 0;
  let y2 = 0;
  for (let n = 0; n < x.length; n++) {
    const input = defined(x[n]) - first;
    const y = gain * (input + middle * x1 + x2) - a1 * y1 - a2 * y2;
    x2 = x1;
    x1 = input;
    y2 = y1;
    y1 = y;
    x[n] = y + constant;
  }
}
