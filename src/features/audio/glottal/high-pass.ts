import { cos, sin } from "../../../core/math.js";
import { sampleRate } from "./analysis-rate.js";

/**
 * Quality factors of the two sections of a fourth-order Butterworth filter: 1 / (2 cos(pi / 8)) and 1 / (2
 * cos(3 pi / 8)).
 */
const SECTIONS = [0.5411961001461969, 1.3065629648763764];

/**
 * Fourth-order Butterworth high-pass (bilinear transform), run forwards and then backwards, so that no
 * instant is shifted: -6 dB at `cutoff` Hz.
 * COVAREP uses least-squares and elliptic designs in the places where this is called; only their pass bands
 * matter.
 */
export function highPass(signal: Float64Array, cutoff: number): Float64Array {
  const filtered = Float64Array.from(signal);
  for (const quality of SECTIONS) {
    filterSection(filtered, cutoff, quality);
    filtered.reverse();
    filterSection(filtered, cutoff, quality);
    filtered.reverse();
  }
  return filtered;
}

/** In place, from the rest in which a constant equal to the first sample leaves it: no click at the start. */
function filterSection(x: Float64Array, cutoff: number, quality: number): void {
  const angle = (2 * Math.PI * cutoff) / sampleRate;
  const damping = sin(angle) / (2 * quality);
  const gain = (1 + cos(angle)) / 2 / (1 + damping);
  const a1 = (-2 * cos(angle)) / (1 + damping);
  const a2 = (1 - damping) / (1 + damping);
  const first = x[0] ?? 0;
  let x1 = 0;
  let x2 = 0;
  let y1 = 0;
  let y2 = 0;
  for (let n = 0; n < x.length; n++) {
    const input = (x[n] ?? 0) - first;
    const y = gain * (input - 2 * x1 + x2) - a1 * y1 - a2 * y2;
    x2 = x1;
    x1 = input;
    y2 = y1;
    y1 = y;
    x[n] = y;
  }
}
