import { defined } from "../../core/defined.js";
import type { ImageMedia } from "../media.js";
import { cropSquare, greyOf, type Square } from "./crop.js";

/** Measures of a picture before any network reads it. */
export interface PictureMeasures {
  /** Mean brightness of the measured square, in [0, 1]. */
  readonly brightness: number;
  /**
   * Difference between neighbouring pixels divided by the difference between pixels four apart, in a square
   * of 96 pixels: 0.25 for a picture out of focus, more for a sharp one, 1 for noise.
   */
  readonly sharpness: number;
  /**
   * Standard deviation of the noise in the whole picture, on a scale of 0 to 255 (Immerkaer 1996, "Fast noise
   * variance estimation").
   */
  readonly noise: number;
}

const side = 96;

/**
 * Measures a picture.
 * @param square square around the face, or around the whole picture without a face
 */
export function measurePicture(image: ImageMedia, square: Square): PictureMeasures {
  const grey = greyOf(cropSquare(image, square, side));
  return {
    brightness: grey.reduce((sum, value) => sum + value, 0) / grey.length / 255,
    sharpness: sharpnessOf(grey),
    noise: noiseOf(image),
  };
}

function sharpnessOf(grey: Float32Array): number {
  const reach = 4;
  let near = 0;
  let far = 0;
  for (let row = 0; row < side - reach; row++) {
    for (let column = 0; column < side - reach; column++) {
      const at = row * side + column;
      const value = defined(grey[at]);
      near += Math.abs(defined(grey[at + 1]) - value) + Math.abs(defined(grey[at + side]) - value);
      far += Math.abs(defined(grey[at + reach]) - value) + Math.abs(defined(grey[at + reach * side]) - value);
    }
  }
  return far > 0 ? near / far : 0;
}

/**
 * Estimates noise: the mean absolute response to the difference of two Laplacians, scaled to the deviation of
 * Gaussian noise. Picture content has almost no response. Uses green only, because a mean of channels would
 * reduce the noise.
 */
function noiseOf({ width, height, rgb }: ImageMedia): number {
  if (width < 3 || height < 3) return 0;
  const green = (row: number, column: number): number => defined(rgb[(row * width + column) * 3 + 1]);
  let sum = 0;
  for (let row = 1; row < height - 1; row++) {
    for (let column = 1; column < width - 1; column++) {
      const corners =
        green(row - 1, column - 1) +
        green(row - 1, column + 1) +
        green(row + 1, column - 1) +
        green(row + 1, column + 1);
      const edges =
        green(row - 1, column) + green(row + 1, column) + green(row, column - 1) + green(row, column + 1);
      sum += Math.abs(corners - 2 * edges + 4 * green(row, column));
    }
  }
  return (Math.sqrt(Math.PI / 2) * sum) / (6 * (width - 2) * (height - 2));
}
