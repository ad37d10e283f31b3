import { resample } from "../../signal/resample.js";
import { soundDamage } from "./sound-damage.js";

/** Extra samples that the filter of resampling reads behind the last one that is heard. */
const REACH = 64;

/**
 * Slower, as a tape that drags: pitch falls in proportion, to an octave lower at half the speed. The span keeps
 * its length, so what comes after it stays in time. Sound that no longer fits is left out.
 */
export const speed = soundDamage({
  summary: "the sound runs too slowly and too low, as a tape that drags",
  unit: "speed as a share of the right one, in whole hundredths",
  amountAt: (severity) => Math.round(100 - 50 * severity) / 100,
  corrupt: (samples, share) => {
    const played = samples.subarray(0, Math.ceil(samples.length * share) + REACH);
    // Only the ratio of the rates counts.
    return resample(played, Math.round(10_000 * share), 10_000).subarray(0, samples.length);
  },
});
