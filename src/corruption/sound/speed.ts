import { resample } from "../../signal/resample.js";
import { soundDamage } from "./sound-damage.js";

/** Number of samples that the resampling filter reads after the last audible one. */
const REACH = 64;

/**
 * Slower sound, as of a tape that drags. Pitch falls in proportion: by an octave at half the speed. The span
 * keeps its length, so that the sound after it stays in time. Sound that no longer fits is cut off.
 */
export const speed = soundDamage({
  summary: "the sound runs too slowly and too low, as a tape that drags",
  unit: "speed as a share of the right one, in whole hundredths",
  amountAt: (severity) => Math.round(100 - 50 * severity) / 100,
  corrupt: (samples, share) => {
    const played = samples.subarray(0, Math.ceil(samples.length * share) + REACH);
    // Only the ratio of the rates matters.
    return resample(played, Math.round(10_000 * share), 10_000).subarray(0, samples.length);
  },
});
