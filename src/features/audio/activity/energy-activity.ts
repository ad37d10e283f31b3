import { log } from "../../../core/math.js";
import { frameCount, HOP } from "../frames.js";
import { DB_PER_NEPER, energyBetween } from "../levels.js";
import { bridged } from "./speech-frames.js";

/** Level below which no frame is speech, dB of full scale. */
const SILENCE_DB = -60;
/** Smallest distance of speech above the noise of the clip, and largest distance below its loud parts, dB. */
const ABOVE_NOISE_DB = 8;
const BELOW_LOUD_DB = 35;
/** Largest gap between speech that counts as speech (stops, short pauses), in frames. */
const BRIDGED_FRAMES = 20;

/**
 * Returns the levels of frames in dB of full scale (a sine of amplitude 1 has -3), over 20 ms around each
 * centre.
 * @param signal [N] 16 kHz
 * @returns [T] at least -120
 */
export function frameLevels(signal: Float32Array): Float64Array {
  return Float64Array.from({ length: frameCount(signal.length) }, (_, t) => {
    const start = Math.max(0, t * HOP - HOP / 2);
    const end = Math.min(signal.length, start + 2 * HOP);
    const energy = energyBetween(signal, start, end) / Math.max(1, end - start);
    return DB_PER_NEPER * log(Math.max(1e-12, energy));
  });
}

/**
 * Detects speech by loudness alone. A frame is speech if it is 8 dB above the noise floor of the clip (10th
 * percentile), or, without such contrast, within 8 dB of its loud parts (95th percentile). A frame below -60
 * dB of full scale, or 35 dB below the loud parts, is never speech. Gaps up to 200 ms are filled.
 *
 * Any sound counts as speech: use Silero if that matters.
 * @param signal [N] 16 kHz
 * @returns [T] 1 = speech
 */
export function energyActivity(signal: Float32Array): Uint8Array {
  const levels = frameLevels(signal);
  const sorted = Float64Array.from(levels).sort();
  const quantile = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? SILENCE_DB;
  const [noise, loud] = [quantile(0.1), quantile(0.95)];
  const threshold = Math.max(
    SILENCE_DB,
    loud - BELOW_LOUD_DB,
    Math.min(noise + ABOVE_NOISE_DB, loud - ABOVE_NOISE_DB),
  );
  return bridged(
    Uint8Array.from(levels, (level) => (level > threshold ? 1 : 0)),
    BRIDGED_FRAMES,
  );
}
