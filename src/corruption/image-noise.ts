import { defined } from "../core/defined.js";
import { foldIn, randomKey, uniformAt, type RandomKey } from "../core/random.js";
import { fillNormal } from "../core/fill-normal.js";
import type { PixelImage } from "../signal/pixels.js";

/** Noise of a preset. Changes a fraction of the images; its strength grows with epsilon. */
export type ImageNoise = {
  /** Probability that an image gets noise. */
  readonly hit: (epsilon: number) => number;
} & (
  | {
      readonly kind: "gaussian";
      /** Standard deviation in levels of 0..255. */
      readonly deviation: (epsilon: number) => number;
      /** one: red, green and blue get the same field; three: each gets its own field. */
      readonly fields: "one" | "three";
      /** all: images of one size get the same field; each: every image gets its own. */
      readonly drawnFor: "all" | "each";
      /**
       * saturate: round, then clip to 0..255. wrap-below: clip at 255 only, truncate to an integer and keep
       * the low byte, so that -1 becomes 255.
       */
      readonly overflow: "saturate" | "wrap-below";
    }
  | {
      readonly kind: "salt-and-pepper";
      /** Probability that a pixel (all three channels) is lost; half of the lost ones become 0, half 255. */
      readonly density: (epsilon: number) => number;
    }
);

const always = (): number => 1;
const half = (): number => 0.5;

const presets = {
  "gaussian/exact": {
    kind: "gaussian",
    hit: half,
    deviation: (epsilon) => 10 * epsilon,
    fields: "one",
    drawnFor: "all",
    overflow: "wrap-below",
  },
  /** Noise of the same code for RGB-D scenes: epsilon in levels. */
  "gaussian/exact-levels": {
    kind: "gaussian",
    hit: half,
    deviation: (epsilon) => epsilon,
    fields: "one",
    drawnFor: "all",
    overflow: "wrap-below",
  },
  "gaussian/clean": {
    kind: "gaussian",
    hit: always,
    deviation: (epsilon) => 10 * epsilon,
    fields: "three",
    drawnFor: "each",
    overflow: "saturate",
  },
  "salt-and-pepper/exact": { kind: "salt-and-pepper", hit: (epsilon) => epsilon / 10, density: () => 0.1 },
  /** Variant of later publications, with epsilon in hundredths. */
  "salt-and-pepper/exact-percent": {
    kind: "salt-and-pepper",
    hit: (epsilon) => epsilon / 100,
    density: () => 0.1,
  },
  "salt-and-pepper/clean": { kind: "salt-and-pepper", hit: always, density: (epsilon) => epsilon / 100 },
} as const satisfies Readonly<Record<string, ImageNoise>>;

/** Name of a noise on pixels, see {@link imageNoises}. */
export type ImageNoiseName = keyof typeof presets;

/**
 * Noise on pixels at test time, as in the literature after QMF (Zhang et al., "Provable dynamic fusion for
 * low-quality multimodal data", ICML 2023). The public code adds it after resizing.
 *
 * - `exact`: keeps the quirks of the public code, so that published figures can be compared.
 * - `clean`: gives every image its own noise, which saturates.
 *
 * Both modes of salt-and-pepper change epsilon / 100 of all pixels on average: `exact` by the probability of
 * an image, `clean` by the density in each image.
 */
export const imageNoises: Readonly<Record<ImageNoiseName, ImageNoise>> = presets;

/** Origin of the random numbers. The same seed and id give the same noise. */
export interface NoiseDraw {
  readonly seed: number;
  /** Id of the sample. */
  readonly id: string;
  /** Name of the modality, if a sample has several media of one kind. Each has its own draws. */
  readonly stream?: string | undefined;
}

/** Returns the prefix of the names of a draw's random numbers. */
export function drawName(purpose: string, { stream }: NoiseDraw): string {
  return stream === undefined ? purpose : `${purpose}/of/${stream}`;
}

/**
 * Returns a copy with noise. The result depends only on the preset, epsilon, seed, id and the image. A larger
 * epsilon changes the images and pixels that a smaller one changes, and more.
 * @param epsilon strength, at least 0, usually 0 to 10; at 0 the image is unchanged
 */
export function addImageNoise(
  image: PixelImage,
  preset: ImageNoiseName,
  epsilon: number,
  draw: NoiseDraw,
): PixelImage {
  const { seed, id } = draw;
  const noise: ImageNoise = imageNoises[preset];
  const purpose = drawName(`image-noise/${preset}`, draw);
  const own = randomKey(seed, `${purpose}/${id}`);
  if (epsilon === 0 || uniformAt(foldIn(own, 0), 0) >= noise.hit(epsilon)) return image;
  const rgb = image.rgb.slice();
  if (noise.kind === "salt-and-pepper") {
    losePixels(rgb, noise.density(epsilon), foldIn(own, 1));
  } else {
    const key = noise.drawnFor === "all" ? randomKey(seed, purpose) : foldIn(own, 1);
    addGaussian(rgb, noise.deviation(epsilon), noise.fields, noise.overflow, key);
  }
  return { ...image, rgb };
}

/** Makes a fraction of the pixels black or white, in place. */
export function losePixels(rgb: Uint8Array, density: number, key: RandomKey): void {
  for (let pixel = 0; pixel < rgb.length / 3; pixel++) {
    const draw = uniformAt(key, pixel);
    if (draw < density) rgb.fill(uniformAt(key, PEPPER + pixel) < 0.5 ? 0 : 255, 3 * pixel, 3 * pixel + 3);
  }
}

/**
 * Index of the first draw that chooses between 0 and 255. It is larger than the number of pixels of any
 * image.
 */
const PEPPER = 2 ** 31;

/** Adds normal noise to the pixels, in place. */
export function addGaussian(
  rgb: Uint8Array,
  deviation: number,
  fields: "one" | "three",
  overflow: "saturate" | "wrap-below",
  key: RandomKey,
): void {
  const field = new Float64Array(fields === "one" ? rgb.length / 3 : rgb.length);
  fillNormal(key, field, deviation);
  for (let i = 0; i < rgb.length; i++) {
    const value = defined(rgb[i]) + defined(field[fields === "one" ? Math.floor(i / 3) : i]);
    // a typed array keeps the low byte of the integer part, as numpy's cast to uint8 does
    rgb[i] = overflow === "wrap-below" ? Math.min(value, 255) : Math.max(0, Math.min(255, Math.round(value)));
  }
}
