import { closureInstants } from "../closure-instants.js";
import { lpResidual } from "../lp-residual.js";
import type { SyntheticVoice, VoiceOptions } from "./synthetic-voice.js";
import { syntheticVoice } from "./synthetic-voice.js";

/** Rd from tense to breathy, and F0 from a low to a high voice. */
export const tenseToBreathy = [0.4, 0.8, 1.2, 1.8, 2.4] as const;
export const lowToHigh = [80, 130, 200, 250] as const;

export interface AnalysedVoice {
  readonly voice: SyntheticVoice;
  readonly speech: Float64Array;
  readonly residual: Float64Array;
  readonly closures: readonly number[];
}

/**
 * Returns a synthetic voice with the signals that features are measured on. `meanF0` is the result of a
 * tracker.
 */
export function analysedVoice(options: VoiceOptions, meanF0: number): AnalysedVoice {
  const voice = syntheticVoice(options);
  const speech = Float64Array.from(voice.samples);
  const residual = lpResidual(speech, speech, voice.vuv);
  return { voice, speech, residual, closures: closureInstants(speech, residual, meanF0, voice.vuv) };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}
