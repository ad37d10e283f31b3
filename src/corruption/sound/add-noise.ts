import { amplitudeOf } from "../decibels.js";
import { rootMeanSquare, type SoundPlace } from "./sound-damage.js";

/** Severity to a signal-to-noise ratio: from 40 dB, which nobody hears, to -10 dB. None at 0: infinite. */
export function signalToNoiseAt(severity: number): number {
  return severity === 0 ? Infinity : 40 - 50 * severity;
}

/** Unit of {@link signalToNoiseAt}. */
export const SIGNAL_TO_NOISE = "dB signal-to-noise ratio";

/** Adds noise, which is scaled so that the ratio of the sound's level to that of the noise is `decibels`. */
export function addNoise(
  samples: Float32Array,
  noise: Float64Array,
  decibels: number,
  { level }: SoundPlace,
): Float64Array {
  const own = rootMeanSquare(noise);
  const gain = own === 0 ? 0 : level / (own * amplitudeOf(decibels));
  return noise.map((value, i) => (samples[i] ?? 0) + gain * value);
}
