import { randomKey, uniformAt } from "../../../core/random.js";
import { type DamageContext, WHOLE } from "../../media-damage.js";
import type { Sound } from "../sound-damage.js";
import { soundDamages } from "../sound-damages.js";

export type SoundKind = keyof typeof soundDamages;

/** Applies a kind to the whole sound, with a key of its own. */
export function apply(
  kind: SoundKind,
  sound: Sound,
  severity: number,
  context: Partial<DamageContext<Sound>> = {},
): Sound {
  return soundDamages[kind].apply(sound, severity, { key: randomKey(1, kind), span: WHOLE, ...context });
}

/** Harmonics of a voice that rises and falls four times a second, at 16 kHz. */
export function speechLike(seconds: number, pitch = 120): Sound {
  const samples = Float32Array.from({ length: 16000 * seconds }, (_, i) => {
    const t = i / 16000;
    let sum = 0;
    for (let k = 1; k <= 25; k++) sum += Math.sin(2 * Math.PI * k * pitch * t + k * k) / k;
    return 0.08 * sum * (1.05 + Math.sin(2 * Math.PI * 4 * t));
  });
  return { samples, sampleRate: 16000 };
}

/** Noise without a single zero, at 16 kHz. */
export function noiseSound(seconds: number, amplitude = 0.3): Sound {
  const key = randomKey(9, "test/noise");
  const samples = Float32Array.from(
    { length: 16000 * seconds },
    (_, i) => amplitude * (2 * uniformAt(key, i) - 1) || amplitude,
  );
  return { samples, sampleRate: 16000 };
}

/** Mean of the squares. */
export function power(samples: Float32Array): number {
  return samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
}
