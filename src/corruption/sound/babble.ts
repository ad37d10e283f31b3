import { defined } from "../../core/defined.js";
import { uniformAt, type RandomKey } from "../../core/random.js";
import { addNoise, SIGNAL_TO_NOISE, signalToNoiseAt } from "./add-noise.js";
import { soundDamageWithOther, unusable } from "./sound-damage.js";

const VOICES = 4;

/** Several voices in the background, made from another sound. */
export const babble = soundDamageWithOther({
  name: "babble",
  summary: "other people talk in the background",
  unit: SIGNAL_TO_NOISE,
  amountAt: signalToNoiseAt,
  corrupt: (samples, decibels, place, other) =>
    addNoise(samples, voices(samples.length, other, place.key), decibels, place),
});

/**
 * Returns the sum of {@link VOICES} passages of the other sound, which start at places spread over it.
 * Repeats a short sound.
 */
function voices(length: number, other: Float32Array, key: RandomKey): Float64Array {
  const sum = new Float64Array(length);
  const shift = uniformAt(key, 0);
  for (let voice = 0; voice < VOICES; voice++)
    addPassage(sum, other, Math.floor(((voice + shift) / VOICES) * other.length));
  if (sum.some((value) => value !== 0)) return sum;
  // The passages are silent, so start at the loudest place instead.
  const loudest = other.reduce(
    (best, value, i) => (Math.abs(value) > Math.abs(defined(other[best])) ? i : best),
    0,
  );
  if (other[loudest] === 0) throw unusable("babble", "is silent");
  addPassage(sum, other, loudest);
  return sum;
}

function addPassage(sum: Float64Array, other: Float32Array, start: number): void {
  let at = start;
  for (let i = 0; i < sum.length; i++) {
    sum[i] = defined(sum[i]) + defined(other[at]);
    at += 1;
    if (at === other.length) at = 0;
  }
}
