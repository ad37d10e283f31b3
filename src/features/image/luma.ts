import { defined } from "../../core/defined.js";
import { luma } from "../../signal/pixels.js";
import type { ImageMedia } from "../media.js";
import { averageBlocks } from "./resize.js";

export interface Luma {
  readonly width: number;
  readonly height: number;
  /** [height, width], 0 to 255. */
  readonly values: Float32Array;
}

/**
 * Largest number of pixels per side on which quality is measured. It makes cost and scale independent of the
 * camera.
 */
const LONGEST_SIDE = 1024;

/** Returns the luma of an image, averaged down by a whole factor if the image is large. */
export function lumaOf(image: ImageMedia): Luma {
  const factor = Math.ceil(Math.max(image.width, image.height) / LONGEST_SIDE);
  const {
    width,
    height,
    values: rgb,
  } = averageBlocks(image, Math.min(factor, image.width), Math.min(factor, image.height));
  const values = new Float32Array(width * height);
  for (let i = 0; i < values.length; i++)
    values[i] = luma(defined(rgb[3 * i]), defined(rgb[3 * i + 1]), defined(rgb[3 * i + 2]));
  return { width, height, values };
}
