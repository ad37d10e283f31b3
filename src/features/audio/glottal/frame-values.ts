import { defined } from "../../../core/defined.js";
import { frameHop } from "./analysis-rate.js";

/** Value of one glottal cycle, measured at one sample. */
export interface InstantValue {
  readonly sample: number;
  readonly value: number;
}

/**
 * Interpolates values linearly between the instants of measurement, at voiced frames, as in COVAREP. Constant
 * before the first and after the last instant; 0 in unvoiced frames, and everywhere without instants. Returns
 * [T].
 * @param instants in order of time
 */
export function atFrames(instants: readonly InstantValue[], vuv: Uint8Array): Float64Array {
  const frames = new Float64Array(vuv.length);
  let next = 0;
  for (let t = 0; t < vuv.length; t++) {
    const sample = t * frameHop;
    while (next < instants.length && defined(instants[next]).sample < sample) next++;
    if (vuv[t] === 0) continue;
    const after = instants[next] ?? instants.at(-1);
    const before = instants[next - 1] ?? after;
    if (before === undefined || after === undefined) continue;
    const gap = after.sample - before.sample;
    frames[t] =
      gap > 0 ? before.value + ((sample - before.sample) / gap) * (after.value - before.value) : after.value;
  }
  return frames;
}
