/** Probabilities at which speech begins and ends: the defaults of Silero's `get_speech_timestamps`. */
const BEGIN = 0.5;
const END = 0.35;
/** Largest gap that counts as speech, in frames. */
const BRIDGED_FRAMES = 10;
/** Number of frames added on both sides of speech. */
const PAD_FRAMES = 3;

/**
 * Converts the probabilities of windows to frames of speech: with hysteresis, gaps up to 100 ms filled, 30 ms
 * added at both ends.
 * @param probabilities [windows]
 * @param steps T
 * @param windowOf returns the index of the window that contains frame t
 * @returns [T] 1 = speech
 */
export function speechFrames(
  probabilities: Float32Array,
  steps: number,
  windowOf: (t: number) => number,
): Uint8Array {
  const raw = new Uint8Array(steps);
  let speaking = false;
  for (let t = 0; t < steps; t++) {
    const p = probabilities.at(windowOf(t)) ?? 0;
    speaking = p >= (speaking ? END : BEGIN);
    raw[t] = speaking ? 1 : 0;
  }
  return padded(bridged(raw, BRIDGED_FRAMES), PAD_FRAMES);
}

/** Fills gaps of up to `longest` frames between frames that are 1, in place. */
export function bridged(mask: Uint8Array, longest: number): Uint8Array {
  let last = -1;
  for (let t = 0; t < mask.length; t++) {
    if (mask[t] !== 1) continue;
    if (last >= 0 && t - last - 1 <= longest) mask.fill(1, last, t);
    last = t;
  }
  return mask;
}

function padded(mask: Uint8Array, frames: number): Uint8Array {
  return mask.map((_, t) => (mask.subarray(Math.max(0, t - frames), t + frames + 1).includes(1) ? 1 : 0));
}
