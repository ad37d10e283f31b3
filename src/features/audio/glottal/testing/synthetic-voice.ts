import { normalAt, randomKey } from "../../../../core/random.js";
import { lfHarmonic, lfPulse } from "../lf-model.js";
import { remembered } from "../remembered.js";

const sampleRate = 16000;

export interface SyntheticVoice {
  /** Speech: the derivative after the vocal tract, at most 0.5. */
  readonly samples: Float32Array;
  /**
   * Derivative of flow by phase, with a negative peak of about -1 in each period. Band-limited, like all
   * signals here.
   */
  readonly derivative: Float64Array;
  /** Flow with that derivative by phase (one period = 1). */
  readonly flow: Float64Array;
  /** True closure instants in samples, fractional. */
  readonly closures: readonly number[];
  /** [T] true F0 of frames of 10 ms; `vuv` is 1 throughout. */
  readonly f0: Float64Array;
  readonly vuv: Uint8Array;
}

export interface VoiceOptions {
  readonly rd: number;
  /** F0 in Hz as a function of the time in seconds, or a constant. */
  readonly f0: number | ((seconds: number) => number);
  readonly seconds?: number;
  /** Formants as [frequency, bandwidth] in Hz. */
  readonly formants?: readonly (readonly [number, number])[];
  /** Standard deviation of white noise added to the speech. */
  readonly noise?: number;
}

/** Formants of a neutral male vowel. */
export const openVowel = [
  [660, 80],
  [1200, 100],
  [2500, 140],
  [3500, 200],
  [4500, 300],
  [5600, 400],
  [6800, 500],
] as const;

/**
 * Synthesises an LF source of known Rd and F0 as a sum of its harmonics, without aliasing, through a known
 * all-pole vocal tract.
 */
export function syntheticVoice({
  rd,
  f0,
  seconds = 1,
  formants = openVowel,
  noise = 0,
}: VoiceOptions): SyntheticVoice {
  const f0At = typeof f0 === "number" ? (): number => f0 : f0;
  const length = Math.round(seconds * sampleRate);
  const derivative = new Float64Array(length);
  const flow = new Float64Array(length);
  const closures: number[] = [];
  const pulse = lfPulse(rd);
  const harmonicAt = remembered((h) => lfHarmonic(pulse, h));
  let phase = 0.3;
  for (let n = 0; n < length; n++) {
    const frequency = f0At(n / sampleRate);
    const cosine = Math.cos(2 * Math.PI * phase);
    const sine = Math.sin(2 * Math.PI * phase);
    let c = cosine;
    let s = sine;
    for (let h = 1; h * frequency < 7900; h++) {
      const { re, im } = harmonicAt(h);
      derivative[n] = (derivative[n] ?? 0) + 2 * (re * c - im * s);
      flow[n] = (flow[n] ?? 0) + (im * c + re * s) / (Math.PI * h);
      [c, s] = [c * cosine - s * sine, s * cosine + c * sine];
    }
    const next = phase + frequency / sampleRate;
    const toClosure = (((pulse.te - phase) % 1) + 1) % 1;
    if (toClosure < next - phase) closures.push(n + toClosure / (next - phase));
    phase = next % 1;
  }
  const frames = Math.floor(length / 160) + 1;
  return {
    samples: addNoise(loudness(vocalTract(derivative, formants)), noise),
    derivative,
    flow,
    closures,
    f0: Float64Array.from({ length: frames }, (_, t) => f0At(t / 100)),
    vuv: new Uint8Array(frames).fill(1),
  };
}

function vocalTract(source: Float64Array, formants: readonly (readonly [number, number])[]): Float64Array {
  return formants.reduce((signal, [frequency, bandwidth]) => {
    const radius = Math.exp((-Math.PI * bandwidth) / sampleRate);
    return resonate(signal, 2 * radius * Math.cos((2 * Math.PI * frequency) / sampleRate), -radius * radius);
  }, source);
}

function resonate(signal: Float64Array, a1: number, a2: number): Float64Array {
  let before = 0;
  let last = 0;
  return signal.map((value) => {
    const next = value + a1 * last + a2 * before;
    before = last;
    last = next;
    return next;
  });
}

function loudness(signal: Float64Array): Float64Array {
  const loudest = signal.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return signal.map((value) => (0.5 * value) / loudest);
}

function addNoise(signal: Float64Array, deviation: number): Float32Array {
  const key = randomKey(1, "synthetic voice");
  return Float32Array.from(
    signal,
    (value, n) => value + (deviation === 0 ? 0 : deviation * normalAt(key, n)),
  );
}
