import { ConfigError } from "../../core/errors.js";
import { suggestion } from "../../core/nearest.js";
import type { SplitName } from "../../data/dataset.js";
import { addImageNoise, type ImageNoiseName, imageNoises } from "../../data/corrupt/image-noise.js";
import { blankWords, type WordNoiseName, wordNoises } from "../../data/corrupt/word-noise.js";
import type { ImageMedia } from "../media.js";
import type { RawModality } from "../registry.js";

/**
 * What is done to a sample's media before features are made of them. Plain data: it travels to worker
 * threads.
 */
export interface MediaNoise {
  readonly seed: number;
  readonly text?: { readonly preset: WordNoiseName; readonly epsilon: number };
  readonly image?: { readonly preset: ImageNoiseName; readonly epsilon: number };
}

/** Noise, and the splits whose samples get it. */
export interface NoiseRequest {
  /** As it was asked for. */
  readonly specification: string;
  readonly splits: readonly SplitName[];
  readonly noise: MediaNoise;
}

const EXAMPLE = "For example: image=gaussian/clean:5, or image=salt-and-pepper/exact:10,text=blank/exact:5.";
const STRONGEST = 10;

/**
 * Parses parts `modality=preset:epsilon` that commas separate; at most one for each of text and image.
 * @param seed of all draws
 * @throws ConfigError "config.invalid" for a part that is not understood, with a suggestion
 */
export function parseMediaNoise(specification: string, seed: number): MediaNoise {
  let noise: MediaNoise = { seed };
  for (const part of specification.split(",")) {
    const [, modality = "", preset = "", amount = ""] =
      /^\s*([^=:]+)=([^=:]+):([^=:]+?)\s*$/.exec(part) ?? [];
    const epsilon = /^\d*\.?\d+$/.test(amount) ? Number(amount) : NaN;
    if (modality !== "text" && modality !== "image")
      throw wrong(specification, `"${part}" is not noise on text or image`, EXAMPLE);
    if (noise[modality] !== undefined) throw wrong(specification, `${modality} is named twice`, EXAMPLE);
    if (!(epsilon <= STRONGEST))
      throw wrong(specification, `epsilon must be a number from 0 to ${STRONGEST}, not "${amount}"`, EXAMPLE);
    if (modality === "text" && isPreset(wordNoises, preset)) noise = { ...noise, text: { preset, epsilon } };
    else if (modality === "image" && isPreset(imageNoises, preset))
      noise = { ...noise, image: { preset, epsilon } };
    else
      throw wrong(
        specification,
        `there is no noise "${preset}" on ${modality}`,
        suggestion(preset, Object.keys(modality === "text" ? wordNoises : imageNoises)),
      );
  }
  return noise;
}

/** @throws ConfigError "config.conflict" where noise falls on a modality that is not extracted */
export function requireNoiseReaches({ noise }: NoiseRequest, modalities: readonly RawModality[]): void {
  const missed = (["text", "image"] as const).find(
    (modality) => noise[modality] !== undefined && !modalities.includes(modality),
  );
  if (missed !== undefined)
    throw new ConfigError(
      "config.conflict",
      `noise is asked for on ${missed}, but ${missed} is not extracted`,
      { hint: `Extracted are ${modalities.join(", ")}.` },
    );
}

/** The text as the noise leaves it. */
export function noisyText(text: string, noise: MediaNoise | undefined, id: string): string {
  return noise?.text === undefined
    ? text
    : blankWords(text, noise.text.preset, noise.text.epsilon, { seed: noise.seed, id });
}

/** The decoded pixels as the noise leaves them. */
export function noisyImage(image: ImageMedia, noise: MediaNoise | undefined, id: string): ImageMedia {
  return noise?.image === undefined
    ? image
    : addImageNoise(image, noise.image.preset, noise.image.epsilon, { seed: noise.seed, id });
}

/** What of the noise on pixels decides features, for cache keys; empty without any. */
export function imageNoiseKey(noise: MediaNoise | undefined, id: string): string {
  return noise?.image === undefined || noise.image.epsilon === 0
    ? ""
    : `noise ${noise.image.preset}:${noise.image.epsilon} seed ${noise.seed} sample ${id}`;
}

function isPreset<Presets extends object>(presets: Presets, name: PropertyKey): name is keyof Presets {
  return Object.hasOwn(presets, name);
}

function wrong(specification: string, what: string, hint: string): ConfigError {
  return new ConfigError("config.invalid", `"${specification}": ${what}.`, { hint });
}
