/**
 * Sampling rate of all analyses in this folder, for which COVAREP is tuned. Frames are 10 ms apart; frame t
 * is centred at sample 160 t.
 */
export const sampleRate = 16000;
export const frameHop = 160;

/** True if the frame nearest to a sample is voiced. */
export function isVoicedAt(vuv: Uint8Array, sample: number): boolean {
  const t = Math.round(sample / frameHop);
  return t >= 0 && t < vuv.length && vuv[t] !== 0;
}

/**
 * Returns runs of voiced samples, widened by `margin` samples on both sides and merged where they meet:
 * [start, end) within [0, length).
 */
export function voicedStretches(
  vuv: Uint8Array,
  length: number,
  margin: number,
): (readonly [number, number])[] {
  const stretches: [number, number][] = [];
  for (let t = 0; t < vuv.length; t++) {
    if (vuv[t] === 0) continue;
    const start = Math.max(0, t * frameHop - frameHop / 2 - margin);
    const end = Math.min(length, t * frameHop + frameHop / 2 + margin);
    if (start >= end) continue;
    const last = stretches.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = end;
    else stretches.push([start, end]);
  }
  return stretches;
}
