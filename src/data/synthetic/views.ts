import { defined } from "../../core/defined.js";
import { exp, sqrt } from "../../core/math.js";
import { foldIn, normalAt, randomKey, type RandomKey } from "../../core/random.js";
import type { SplitName } from "../dataset.js";
import { fillNormal } from "../../core/fill-normal.js";
import { MANNER_IN_WORDS, type Story } from "./story.js";

/** Design of one modality: a few latent signals, spread over its features, under noise. */
interface ViewDesign {
  readonly name: string;
  readonly width: number;
  /** Signals that carry the opinion or the manner, for one clip. `draw(i)` is a standard normal number. */
  readonly signals: (story: Story, draw: (i: number) => number) => readonly number[];
  /** Typical size of each signal in a feature, relative to the others. */
  readonly strengths: readonly number[];
  /** Signals about other things: the topic, the speaker, the light, the room. */
  readonly nuisances: number;
  /** Standard deviation of the noise of a single feature. Signals and nuisances together have about 1. */
  readonly noise: number;
}

/** Returns the opinion as face or voice show it: weakly, and not at all if the manner contradicts it. */
function trace({ sentiment, disagrees }: Story, strength: number): number {
  return disagrees ? 0 : strength * sentiment;
}

/** Modalities in the order in which models read them. Widths are those of the usual MOSI features. */
export const VIEWS: readonly ViewDesign[] = [
  {
    name: "text",
    width: 768,
    signals: (story, draw) => [story.sentiment + MANNER_IN_WORDS * story.manner + 0.35 * draw(0)],
    strengths: [0.35],
    nuisances: 24,
    noise: 0.6,
  },
  {
    name: "audio",
    width: 74,
    signals: (story, draw) => [trace(story, 0.23) + draw(0), story.manner + 0.5 * draw(1)],
    strengths: [0.5, 0.5],
    nuisances: 8,
    noise: 0.6,
  },
  {
    name: "vision",
    width: 47,
    signals: (story, draw) => [trace(story, 0.27) + draw(0), story.manner + 0.35 * draw(1)],
    strengths: [0.5, 0.5],
    nuisances: 8,
    noise: 0.6,
  },
];

/** Clean features of one modality of one split, in units of their standard deviation. */
export interface View {
  /** [N, D] */
  readonly values: Float32Array;
  /** [D], factor from standard deviations to the unit of the feature. */
  readonly units: Float32Array;
}

/** Draws the clean view of every clip. */
export function drawView(
  design: ViewDesign,
  stories: readonly Story[],
  seed: number,
  split: SplitName,
): View {
  const { width, strengths, nuisances, noise, name } = design;
  const rank = strengths.length + nuisances;
  const loadings = drawLoadings(design, randomKey(seed, `synthetic/loadings/${name}`)); // [R, D]
  const clips = randomKey(seed, `synthetic/view/${split}/${name}`);
  const signals = new Float64Array(rank);
  const row = new Float32Array(width);
  const values = new Float32Array(stories.length * width);
  stories.forEach((story, n) => {
    const key = foldIn(clips, n);
    const latent = foldIn(key, 0);
    signals.set(design.signals(story, (i) => normalAt(latent, i)));
    for (let r = strengths.length; r < rank; r++) signals[r] = normalAt(latent, 100 + r);
    fillNormal(foldIn(key, 1), row, noise);
    for (let r = 0; r < rank; r++) {
      const signal = defined(signals[r]);
      for (let d = 0; d < width; d++) row[d] = defined(row[d]) + signal * defined(loadings[r * width + d]);
    }
    values.set(row, n * width);
  });
  standardise(values, width, design, loadings);
  return { values, units: drawUnits(width, randomKey(seed, `synthetic/units/${name}`)) };
}

function drawLoadings({ strengths, nuisances, width }: ViewDesign, key: RandomKey): Float32Array {
  const loadings = new Float32Array((strengths.length + nuisances) * width);
  fillNormal(key, loadings);
  const share = 0.8 / sqrt(nuisances);
  for (let i = 0; i < loadings.length; i++)
    loadings[i] = defined(loadings[i]) * (strengths[Math.floor(i / width)] ?? share);
  return loadings;
}

/**
 * Divides each feature by its standard deviation in the design. Assumes that each signal has the deviation 1,
 * or 2 in text.
 */
function standardise(
  values: Float32Array,
  width: number,
  { strengths, nuisances, noise, name }: ViewDesign,
  loadings: Float32Array,
): void {
  const scale = Float64Array.from({ length: width }, (_, d) => {
    let variance = noise * noise;
    for (let r = 0; r < strengths.length + nuisances; r++) {
      const signal = r < strengths.length && name === "text" ? 2 : 1;
      variance += (signal * defined(loadings[r * width + d])) ** 2;
    }
    return 1 / sqrt(variance);
  });
  for (let i = 0; i < values.length; i++) values[i] = defined(values[i]) * (scale[i % width] ?? 1);
}

/** Draws a different unit for each feature, because real features have different units. */
function drawUnits(width: number, key: RandomKey): Float32Array {
  return Float32Array.from({ length: width }, (_, d) => exp(0.5 * normalAt(key, d)));
}
