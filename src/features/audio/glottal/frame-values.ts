import { frameHop } from "./analysis-rate.js";

/** A value measured at one sample, of one glottal cycle. */
export interface InstantValue {
  readonly sample: number;
  readonly value: number;
}

/**
 * Values at voiced frames, on straight lines between the instants at which they were measured, as in COVAREP;
 * before the first and after the last instant its value; 0 in unvoiced frames, and everywhere if there are no
 * instants. [T]
 * @param instants in order of time
 */
export function atFrames(instants: readonly InstantValue[], vuv: Uint8Array): Float64Array {
  const frames = new Float64Array(vuv.length);
  let next = 0;
  for (let t = 0; t < vuv.length; t++) {
    const sample = t * frameHop;
    while (next < instants.length && (instants[next]?.sample ?? 0) < sample) next++;
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
