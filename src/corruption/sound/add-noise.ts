import { defined } from "../../core/defined.js";
import { amplitudeOf } from "../decibels.js";
import { rootMeanSquare, type SoundPlace } from "./sound-damage.js";

/**
 * Returns the signal-to-noise ratio in dB at a severity: from 40 dB, which is inaudible, to -10 dB. Infinite
 * at severity 0.
 */
export function signalToNoiseAt(severity: number): number {
  return severity === 0 ? Infinity : 40 - 50 * severity;
}

/** Unit of {@link signalToNoiseAt}. */
export const SIGNAL_TO_NOISE = "dB signal-to-noise ratio";

/** Adds noise. Scales it so that the signal-to-noise ratio is `decibels`. */
export function addNoise(
  samples: Float32Array,
  noise: Float64Array,
  decibels: number,
  { level }: SoundPlace,
): Float64Array {
  const own = rootMeanSquare(noise);
  const gain = own === 0 ? 0 : level / (own * amplitudeOf(decibels));
  return noise.map((value, i) => defined(samples[i]) + gain * value);
}
