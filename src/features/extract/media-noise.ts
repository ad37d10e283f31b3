import { ConfigError } from "../../core/errors.js";
import { suggestion } from "../../core/nearest.js";
import type { SplitName } from "../../data/dataset.js";
import type { NoiseStep } from "../modality-pipeline.js";
import type { ReadableModality } from "../readable-modalities.js";
import { kindOfModality, mediumOf } from "../registry.js";

/**
 * Noise on a sample's media before features are extracted. Plain data, so that it can be sent to worker
 * threads.
 */
export interface MediaNoise {
  readonly seed: number;
  /** Noise by modality. */
  readonly on: Readonly<Record<string, { readonly preset: string; readonly epsilon: number }>>;
}

/** Noise, and the splits that it applies to. */
export interface NoiseRequest {
  /** Text of the request. */
  readonly specification: string;
  readonly splits: readonly SplitName[];
  readonly noise: MediaNoise;
}

const EXAMPLE = "For example: image=gaussian/clean:5, or image=salt-and-pepper/exact:10,text=blank/exact:5.";
const STRONGEST = 10;

/**
 * Parses noise of the form `modality=preset:epsilon`, separated by commas, at most one per modality.
 * @param seed seed of all draws
 * @param modalities known modalities
 * @throws ConfigError "config.invalid" for a part with another form, with a suggestion
 */
export function parseMediaNoise(
  specification: string,
  seed: number,
  modalities: readonly ReadableModality[],
): MediaNoise {
  const noisy = modalities.filter(({ kind }) => mediumOf(kind).noise !== undefined);
  const on = new Map<string, { preset: string; epsilon: number }>();
  for (const part of specification.split(",")) {
    const [, name = "", preset = "", amount = ""] = /^\s*([^=:]+)=([^=:]+):([^=:]+?)\s*$/.exec(part) ?? [];
    const epsilon = /^\d*\.?\d+$/.test(amount) ? Number(amount) : NaN;
    const modality = noisy.find((each) => each.name === name);
    if (modality === undefined) {
      const names = noisy.map((each) => each.name).join(" or ");
      throw wrong(specification, `"${part}" is not noise on ${names}`, EXAMPLE);
    }
    if (on.has(name)) throw wrong(specification, `${name} is named twice`, EXAMPLE);
    if (!(epsilon <= STRONGEST))
      throw wrong(specification, `epsilon must be a number from 0 to ${STRONGEST}, not "${amount}"`, EXAMPLE);
    const presets = mediumOf(modality.kind).noise?.presets ?? [];
    if (!presets.includes(preset))
      throw wrong(specification, `there is no noise "${preset}" on ${name}`, suggestion(preset, presets));
    on.set(name, { preset, epsilon });
  }
  return { seed, on: Object.fromEntries(on) };
}

/** @throws ConfigError "config.conflict" for noise on a modality that is not extracted */
export function requireNoiseReaches({ noise }: NoiseRequest, modalities: readonly string[]): void {
  const missed = Object.keys(noise.on).find((modality) => !modalities.includes(modality));
  if (missed !== undefined)
    throw new ConfigError(
      "config.conflict",
      `noise on ${missed} was requested, but ${missed} is not extracted`,
      { hint: `Extracted are ${modalities.join(", ")}.` },
    );
}

/**
 * Returns the noise on one modality of a sample, or undefined. Each modality with a user-defined name has its
 * own draws, so that two cameras get different noise.
 */
export function noiseOn(modality: string, noise: MediaNoise | undefined, id: string): NoiseStep | undefined {
  const own = noise !== undefined && Object.hasOwn(noise.on, modality) ? noise.on[modality] : undefined;
  if (noise === undefined || own === undefined) return undefined;
  const stream = kindOfModality(modality) === undefined ? modality : undefined;
  return { ...own, draw: { seed: noise.seed, id, stream } };
}

/** Part of a cache key that describes the noise. Empty without noise. */
export function noiseKey(step: NoiseStep | undefined): string {
  if (step === undefined || step.epsilon === 0) return "";
  const { preset, epsilon, draw } = step;
  const stream = draw.stream === undefined ? "" : ` of ${draw.stream}`;
  return `noise ${preset}:${epsilon} seed ${draw.seed} sample ${draw.id}${stream}`;
}

function wrong(specification: string, what: string, hint: string): ConfigError {
  return new ConfigError("config.invalid", `"${specification}": ${what}.`, { hint });
}
