import type { ImageMedia } from "../media.js";
import { averageBlocks } from "./resize.js";

export interface Luma {
  readonly width: number;
  readonly height: number;
  /** [height, width], 0 to 255. */
  readonly values: Float32Array;
}

/**
 * Quality is measured on at most this many pixels a side, so that its cost and its scale do not follow the
 * camera's.
 */
const LONGEST_SIDE = 1024;

/** Luma of ITU-R BT.601. */
export function luma(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/** Luma of an image, averaged down by a whole factor if it is large. */
export function lumaOf(image: ImageMedia): Luma {
  const factor = Math.ceil(Math.max(image.width, image.height) / LONGEST_SIDE);
  const {
    width,
    height,
    values: rgb,
  } = averageBlocks(image, Math.min(factor, image.width), Math.min(factor, image.height));
  const values = new Float32Array(width * height);
  for (let i = 0; i < values.length; i++)
    values[i] = luma(rgb[3 * i] ?? 0, rgb[3 * i + 1] ?? 0, rgb[3 * i + 2] ?? 0);
  return { width, height, values };
}
