import { defined } from "../../core/defined.js";
import { MediaError } from "../../core/errors.js";
import { sqrt } from "../../core/math.js";
import type { RandomKey } from "../../core/random.js";
import { checkSamplingRate, resample } from "../../signal/resample.js";
import { requireOther } from "../check-media-damage.js";
import { checkedDamage } from "../checked-damage.js";
import type { DamageDescription, MediaDamage, Span } from "../media-damage.js";

export interface Sound {
  /** Mono sound samples, in [-1, 1]. */
  readonly samples: Float32Array;
  /** Sampling rate in Hz. */
  readonly sampleRate: number;
}

/** Inputs of a kind of corruption, other than the sound samples of the span. */
export interface SoundPlace {
  readonly sampleRate: number;
  readonly key: RandomKey;
  /**
   * Root mean square of the span, to which noise is scaled. For a silent span, that of the complete sound.
   * For a silent sound, -26 dB of full scale, the usual level of speech.
   */
  readonly level: number;
}

/** Sound samples of the span. A kind returns the same number of new samples. */
type Samples = Float32Array | Float64Array;

interface PlainKind extends DamageDescription {
  readonly corrupt: (samples: Float32Array, amount: number, place: SoundPlace) => Samples;
}

interface KindWithOther extends DamageDescription {
  /** Name of the kind, for messages. */
  readonly name: string;
  /** @param other samples of another sound at the same sampling rate, at least one */
  readonly corrupt: (
    samples: Float32Array,
    amount: number,
    place: SoundPlace,
    other: Float32Array,
  ) => Samples;
}

const SPEECH_LEVEL = 0.05011872336272722; // -26 dB

/**
 * Makes a kind of corruption of sounds. Sound samples outside the span keep their bits; those of the span are
 * limited to [-1, 1]. Returns the same sound if the span has no samples.
 */
export function soundDamage({ corrupt, ...description }: PlainKind): MediaDamage<Sound> {
  return checkedDamage(description, {
    check: checkSound,
    change: (sound, { key, span }, severity) =>
      inSpan(sound, span, key, (part, place) => corrupt(part, description.amountAt(severity), place)),
  });
}

/** Makes a kind that mixes in another sound, or replaces the sound by it. */
export function soundDamageWithOther({ name, corrupt, ...description }: KindWithOther): MediaDamage<Sound> {
  return checkedDamage(
    { ...description, needsOther: true },
    {
      check: checkSound,
      change: (sound, { key, span, other }, severity) => {
        const given = requireOther(other, name);
        checkSound(given);
        if (given.samples.length === 0) throw unusable(name, "has no samples");
        const samples = resample(given.samples, given.sampleRate, sound.sampleRate);
        return inSpan(sound, span, key, (part, place) =>
          corrupt(part, description.amountAt(severity), place, samples),
        );
      },
    },
  );
}

/** Returns the error for another sound that cannot be used. */
export function unusable(kind: string, problem: string): MediaError {
  return new MediaError("media.unsupported", `${kind}: the other sound ${problem}`, {
    hint: "Choose another clip for it.",
  });
}

function inSpan(
  sound: Sound,
  span: Span,
  key: RandomKey,
  corrupt: (part: Float32Array, place: SoundPlace) => Samples,
): Sound {
  const { samples, sampleRate } = sound;
  const first = Math.round(span.start * samples.length);
  const part = samples.slice(first, Math.round(span.end * samples.length));
  if (part.length === 0) return sound;
  const level = rootMeanSquare(part) || rootMeanSquare(samples) || SPEECH_LEVEL;
  const changed = corrupt(part, { sampleRate, key, level });
  const result = samples.slice();
  for (let i = 0; i < part.length; i++) result[first + i] = Math.max(-1, Math.min(1, defined(changed[i])));
  return { samples: result, sampleRate };
}

/** Returns the square root of the mean of the squares; 0 without samples. */
export function rootMeanSquare(samples: Samples): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += defined(samples[i]) * defined(samples[i]);
  return samples.length === 0 ? 0 : sqrt(sum / samples.length);
}

function checkSound({ samples, sampleRate }: Sound): void {
  checkSamplingRate(sampleRate);
  const at = samples.findIndex((sample) => !Number.isFinite(sample));
  if (at < 0) return;
  throw new MediaError("media.damaged", `sample ${at} of the sound is not a finite number (${samples[at]})`, {
    hint: "Write the sound again as 16-bit PCM.",
  });
}
