import { isRecord } from "../../core/is-record.js";
import { pictureDamages } from "../../corruption/picture/picture-damages.js";
import { addImageNoise, imageNoises } from "../../corruption/image-noise.js";
import { presetNamed } from "../../corruption/noise-preset.js";
import type { ImageMedia } from "../media.js";
import type { Medium } from "../medium.js";
import { imageAdapters } from "./image-adapters.js";
import { imagePart } from "./image-part.js";
import { imageProblems } from "./image-problems.js";

declare module "../adapter.js" {
  interface MediaByKind {
    readonly image: ImageMedia;
  }
}

export const imageMedium = {
  kind: "image",
  modality: "image",
  adapters: imageAdapters,
  problems: imageProblems,
  /** Returns true for RGB bytes with their size. */
  isMedia: (value): value is ImageMedia =>
    isRecord(value) && value["rgb"] instanceof Uint8Array && "width" in value && "height" in value,
  /** Decodes an image file. */
  decode: (file) => file.picture(),
  /** Returns the left or right half of an image. */
  partOf: imagePart,
  tools: [],
  damages: pictureDamages,
  noise: {
    presets: Object.keys(imageNoises),
    /** Adds noise to the pixels. */
    apply: (image, preset, epsilon, draw) =>
      addImageNoise(image, presetNamed(imageNoises, preset), epsilon, draw),
  },
} as const satisfies Medium<"image">;
