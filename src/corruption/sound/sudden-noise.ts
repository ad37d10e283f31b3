import { defined } from "../../core/defined.js";
import { exp } from "../../core/math.js";
import { foldIn, type RandomKey, uniformAt } from "../../core/random.js";
import { fillNormal } from "../../core/fill-normal.js";
import { amplitudeOf } from "../decibels.js";
import { rootMeanSquare, soundDamage } from "./sound-damage.js";

/** Seconds per bang. */
const SECONDS_EACH = 2;
/** Duration of a bang, and time in which its amplitude falls to 1/e, in seconds. */
const SECONDS = 0.4;
const DECAY_SECONDS = 0.06;
/** Seconds from the start of a bang over which its level is measured. */
const LEVEL_SECONDS = 0.1;

/** Short bangs, as of a door or a dropped cup, at drawn places. */
export const suddenNoise = soundDamage({
  summary: "bangs, as of a door or something that falls, one in two seconds",
  unit: "dB of the bangs above the sound",
  amountAt: (severity) => (severity === 0 ? -Infinity : 30 * severity - 10),
  corrupt: (samples, decibels, { sampleRate, key, level }) => {
    const result = Float64Array.from(samples);
    const count = Math.max(1, Math.round(samples.length / sampleRate / SECONDS_EACH));
    for (let i = 0; i < count; i++) {
      const start = Math.floor(((i + uniformAt(key, i)) / count) * samples.length);
      const length = Math.min(samples.length - start, Math.round(SECONDS * sampleRate));
      const noise = bang(length, sampleRate, key, i);
      const own = rootMeanSquare(noise.subarray(0, Math.round(LEVEL_SECONDS * sampleRate)));
      const gain = (level * amplitudeOf(decibels)) / own;
      for (let n = 0; n < length; n++)
        result[start + n] = defined(result[start + n]) + gain * defined(noise[n]);
    }
    return result;
  },
});

function bang(length: number, sampleRate: number, key: RandomKey, index: number): Float64Array {
  const noise = new Float64Array(length);
  fillNormal(foldIn(key, index), noise);
  const step = exp(-1 / (DECAY_SECONDS * sampleRate));
  let envelope = 1;
  for (let n = 0; n < length; n++) {
    noise[n] = defined(noise[n]) * envelope;
    envelope *= step;
  }
  return noise;
}
