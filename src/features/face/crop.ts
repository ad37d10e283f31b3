import type { ImageMedia } from "../media.js";

/** A square of an image, perhaps turned. Lengths in pixels of the image, whose left upper corner is (0, 0). */
export interface Square {
  readonly centreX: number;
  readonly centreY: number;
  readonly side: number;
  /** Cosine and sine of the angle by which the square is turned clockwise on the screen. */
  readonly cos: number;
  readonly sin: number;
}

/** The smallest upright square around an image. */
export function squareAround(image: ImageMedia): Square {
  return { centreX: image.width / 2, centreY: image.height / 2, side: Math.max(image.width, image.height), cos: 1, sin: 0 };
}

/** A point of the square, in units of its side from its left upper corner, as a point of the image. */
export function toImage({ centreX, centreY, side, cos, sin }: Square, u: number, v: number): [number, number] {
  const [x, y] = [(u - 0.5) * side, (v - 0.5) * side];
  return [centreX + x * cos - y * sin, centreY + x * sin + y * cos];
}

/**
 * Samples a square of an image to `size` x `size` pixels: bilinear between pixel centres, the mean of 2 x 2 samples per pixel where the image is made smaller, black
 * outside. Values in [0, 255].
 * @returns [size, size, 3]
 */
export function cropSquare(image: ImageMedia, square: Square, size: number): Float32Array {
  const out = new Float32Array(size * size * 3);
  const perSide = square.side > size ? 2 : 1;
  const weight = 1 / (perSide * perSide);
  const { cos, sin } = square;
  const step = square.side / (size * perSide);
  const [startX, startY] = toImage(square, 0, 0);
  for (let row = 0; row < size * perSide; row++) {
    const v = (row + 0.5) * step;
    for (let column = 0; column < size * perSide; column++) {
      const u = (column + 0.5) * step;
      const at = (Math.floor(row / perSide) * size + Math.floor(column / perSide)) * 3;
      addSample(image, startX + u * cos - v * sin - 0.5, startY + u * sin + v * cos - 0.5, weight, out, at);
    }
  }
  return out;
}

/** Adds `weight` times the image's colour at (x, y), in pixel centres, to three numbers of `out`. */
function addSample({ width, height, rgb }: ImageMedia, x: number, y: number, weight: number, out: Float32Array, at: number): void {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  for (let dy = 0; dy < 2; dy++) {
    const row = top + dy;
    if (row < 0 || row >= height) continue;
    const rowWeight = weight * (dy === 0 ? top + 1 - y : y - top);
    for (let dx = 0; dx < 2; dx++) {
      const column = left + dx;
      if (column < 0 || column >= width) continue;
      const share = rowWeight * (dx === 0 ? left + 1 - x : x - left);
      const from = (row * width + column) * 3;
      out[at] = (out[at] ?? 0) + share * (rgb[from] ?? 0);
      out[at + 1] = (out[at + 1] ?? 0) + share * (rgb[from + 1] ?? 0);
      out[at + 2] = (out[at + 2] ?? 0) + share * (rgb[from + 2] ?? 0);
    }
  }
}

/** Brightness of [N, 3] colours (ITU-R BT.601): [N]. */
export function greyOf(colours: Float32Array): Float32Array {
  return Float32Array.from({ length: colours.length / 3 }, (_, i) => 0.299 * (colours[i * 3] ?? 0) + 0.587 * (colours[i * 3 + 1] ?? 0) + 0.114 * (colours[i * 3 + 2] ?? 0));
}
