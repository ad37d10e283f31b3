import { highPass, lowPass } from "../../signal/butterworth.js";
import { geometric } from "../geometric.js";
import { soundDamage } from "./sound-damage.js";

/** Product of the edges of a telephone's band, 300 Hz and 3400 Hz. */
const TELEPHONE = 300 * 3400;

/** Sound without the frequencies above the cut-off. */
export const lowPassed = soundDamage({
  summary: "the sound is muffled, as through a wall or a mask",
  unit: "Hz of the highest frequency that is left",
  amountAt: geometric(8000, 500),
  corrupt: (samples, hertz, { sampleRate }) => below(Float64Array.from(samples), hertz, sampleRate),
});

/**
 * Sound with only a middle band of frequencies, as on a telephone. With rising severity both edges approach
 * 1010 Hz. The band of a telephone, 300 Hz to 3400 Hz, is at severity 0.55.
 */
export const telephone = soundDamage({
  summary: "the sound is thin, as on a telephone or a small radio",
  unit: "Hz of the highest frequency that is left (the lowest is 1 020 000 Hz^2 divided by it)",
  amountAt: geometric(8000, 1700),
  corrupt: (samples, hertz, { sampleRate }) =>
    highPass(below(Float64Array.from(samples), hertz, sampleRate), { hertz: TELEPHONE / hertz, sampleRate }),
});

/** Filters the sound, unless the cut-off is above half the sampling rate. */
function below(samples: Float64Array, hertz: number, sampleRate: number): Float64Array {
  return hertz >= 0.499 * sampleRate ? samples : lowPass(samples, { hertz, sampleRate });
}
