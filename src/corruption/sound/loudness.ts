import { amplitudeOf } from "../decibels.js";
import { growingBlock } from "../growing-parts.js";
import { soundDamage } from "./sound-damage.js";

/** Sound with a lower level. */
export const quiet = soundDamage({
  summary: "the sound is too quiet, as from a speaker far away",
  unit: "dB of attenuation",
  amountAt: (severity) => 60 * severity,
  corrupt: (samples, decibels) => {
    const gain = amplitudeOf(-decibels);
    return samples.map((sample) => gain * sample);
  },
});

/** One silent block at a drawn place. */
export const mute = soundDamage({
  summary: "a part of the sound is missing, all of it at severity 1",
  unit: "share of the time that is silent",
  amountAt: (severity) => severity,
  corrupt: (samples, share, { key }) => {
    const { start, end } = growingBlock(samples.length, share, key);
    return samples.slice().fill(0, start, end);
  },
});

/** Sound that is amplified and clipped at the largest amplitude of the span. */
export const clipping = soundDamage({
  summary: "the recording level is too high and peaks are cut off",
  unit: "dB of amplification above the clipping level",
  amountAt: (severity) => 40 * severity,
  corrupt: (samples, decibels) => {
    const peak = samples.reduce((largest, sample) => Math.max(largest, Math.abs(sample)), 0);
    const gain = amplitudeOf(decibels);
    return samples.map((sample) => Math.max(-peak, Math.min(peak, gain * sample)));
  },
});
