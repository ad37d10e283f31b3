import { defined } from "../../core/defined.js";
import { exp } from "../../core/math.js";
import { fillNormal } from "../../core/fill-normal.js";
import type { MediaDamage } from "../media-damage.js";
import { addNoise, SIGNAL_TO_NOISE, signalToNoiseAt } from "./add-noise.js";
import { type Sound, soundDamage, type SoundPlace } from "./sound-damage.js";

/** Frequency in Hz below which the power of pink and brown noise is constant. */
const LOWEST = 20;

/** Noise as a hiss: equal power at all frequencies. */
export const whiteNoise = steadyNoise("a steady hiss, as of a bad microphone or an open line", white);

/** Noise as of rain or a crowd far away: equal power in each octave. */
export const pinkNoise = steadyNoise("a steady rush, as of rain, a fan or a hall full of people", pink);

/** Noise as of traffic: power falls by 6 dB with each octave. */
export const brownNoise = steadyNoise("a steady rumble, as of wind, traffic or an engine", brown);

/** Noise that is higher than a hiss: power rises by 3 dB with each octave. */
export const blueNoise = steadyNoise("a steady hiss that is sharp, as of spray or escaping gas", (...of) =>
  differences(pink(...of)),
);

/** Noise of the highest frequencies: power rises by 6 dB with each octave. */
export const violetNoise = steadyNoise(
  "a steady hiss that is very sharp, as of old digital circuits",
  (...of) => differences(white(...of)),
);

/** Makes a kind that adds noise to the sound. */
function steadyNoise(
  summary: string,
  noise: (length: number, place: SoundPlace) => Float64Array,
): MediaDamage<Sound> {
  return soundDamage({
    summary,
    unit: SIGNAL_TO_NOISE,
    amountAt: signalToNoiseAt,
    corrupt: (samples, decibels, place) => addNoise(samples, noise(samples.length, place), decibels, place),
  });
}

function white(length: number, { key }: SoundPlace): Float64Array {
  const noise = new Float64Array(length);
  fillNormal(key, noise);
  return noise;
}

/**
 * Filters white noise by first-order sections. Each falls by 6 dB per octave from its pole to its zero, one
 * octave above. The next pole is another octave above. This gives -3 dB per octave on average, within 0.5 dB.
 */
function pink(length: number, place: SoundPlace): Float64Array {
  const { sampleRate } = place;
  const noise = white(length, place);
  for (let pole = LOWEST; pole < sampleRate / 2; pole *= 4) {
    const a = decay(pole, sampleRate);
    const b = decay(2 * pole, sampleRate);
    let before = 0;
    let out = 0;
    for (let i = 0; i < length; i++) {
      const input = defined(noise[i]);
      out = a * out + input - b * before;
      before = input;
      noise[i] = out;
    }
  }
  return noise;
}

/** Integrates white noise with a leak. */
function brown(length: number, place: SoundPlace): Float64Array {
  const noise = white(length, place);
  const a = decay(LOWEST, place.sampleRate);
  let out = 0;
  for (let i = 0; i < length; i++) noise[i] = out = a * out + defined(noise[i]);
  return noise;
}

/**
 * Returns the differences between adjacent samples, which raise the power by 6 dB per octave; less above a
 * quarter of the sampling rate.
 */
function differences(noise: Float64Array): Float64Array {
  return noise.map((value, i) => value - (i === 0 ? 0 : defined(noise[i - 1])));
}

/** Returns the pole (or zero) of a first-order filter with its edge at a frequency. */
function decay(hertz: number, sampleRate: number): number {
  return exp((-2 * Math.PI * hertz) / sampleRate);
}
