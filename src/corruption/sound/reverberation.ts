import { defined } from "../../core/defined.js";
import { exp, log, sqrt } from "../../core/math.js";
import type { RandomKey } from "../../core/random.js";
import { fillNormal } from "../../core/fill-normal.js";
import { convolve } from "../../signal/convolve.js";
import { rootMeanSquare, soundDamage } from "./sound-damage.js";

/** Reverberation time at which the room is as loud as the speaker. */
const EQUAL_SECONDS = 0.5;
/** Amplitude to which the tail falls within the reverberation time: -60 dB. */
const LOG_END = log(0.001);

/**
 * Room: the sound and a tail of decaying noise. The energy of the tail grows with the reverberation time, as
 * in a room of fixed size. The level of the span does not change, and the tail ends with the span.
 */
export const reverberation = soundDamage({
  summary: "the room echoes, as a bathroom or a church does",
  unit: "s of reverberation time (until the echo has fallen by 60 dB)",
  amountAt: (severity) => 3 * severity,
  corrupt: (samples, seconds, { sampleRate, key }) => {
    const wet = convolve(samples, roomResponse(seconds, sampleRate, samples.length, key));
    const [before, after] = [rootMeanSquare(samples), rootMeanSquare(wet)];
    return after === 0 ? samples : wet.map((value) => (value * before) / after);
  },
});

/**
 * Returns the impulse response of a room: 1, then noise. The level of the noise falls by 60 dB in `seconds`;
 * its energy is `seconds` / {@link EQUAL_SECONDS}.
 * @param longest maximum number of values
 */
function roomResponse(seconds: number, sampleRate: number, longest: number, key: RandomKey): Float64Array {
  const decaySamples = seconds * sampleRate;
  const response = new Float64Array(Math.max(1, Math.min(longest, Math.ceil(decaySamples))));
  fillNormal(key, response);
  const step = exp(LOG_END / decaySamples);
  // Expected energy of the tail, including the part after the end of the span: sum of step^(2 n).
  const energy = 1 / (1 - step * step) - 1;
  let envelope = energy > 0 ? sqrt(seconds / EQUAL_SECONDS / energy) : 0;
  response[0] = 1;
  for (let n = 1; n < response.length; n++) response[n] = defined(response[n]) * (envelope *= step);
  return response;
}
