import { defined } from "../../core/defined.js";
import { luma } from "../../signal/pixels.js";
import type { ImageMedia } from "../media.js";

/**
 * Square of an image, possibly rotated. Lengths are in pixels of the image, whose upper left corner is (0,
 * 0).
 */
export interface Square {
  readonly centreX: number;
  readonly centreY: number;
  readonly side: number;
  /** Cosine and sine of the clockwise rotation on the screen. */
  readonly cos: number;
  readonly sin: number;
}

/** Returns the smallest upright square around an image. */
export function squareAround(image: ImageMedia): Square {
  return {
    centreX: image.width / 2,
    centreY: image.height / 2,
    side: Math.max(image.width, image.height),
    cos: 1,
    sin: 0,
  };
}

/**
 * Converts a point of the square, in units of its side from its upper left corner, to a point of the image.
 */
export function toImage(
  { centreX, centreY, side, cos, sin }: Square,
  u: number,
  v: number,
): [number, number] {
  const [x, y] = [(u - 0.5) * side, (v - 0.5) * side];
  return [centreX + x * cos - y * sin, centreY + x * sin + y * cos];
}

/**
 * Samples a square of an image to `size` x `size` pixels: bilinear between pixel centres, the mean of 2 x 2
 * samples per pixel if the image shrinks, black outside. Values in [0, 255].
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
    const rowAt = Math.floor(row / perSide) * size;
    for (let column = 0; column < size * perSide; column++) {
      const u = (column + 0.5) * step;
      addSample(
        image,
        startX + u * cos - v * sin - 0.5,
        startY + u * sin + v * cos - 0.5,
        weight,
        out,
        (rowAt + Math.floor(column / perSide)) * 3,
      );
    }
  }
  return out;
}

/**
 * Adds `weight` times the image's colour at (x, y), in pixel centres, to three numbers of `out`: the four
 * surrounding pixels times their weights, one after the other, in single precision. Unrolled for four
 * existing pixels, because this code takes most of a clip's time.
 */
function addSample(
  image: ImageMedia,
  x: number,
  y: number,
  weight: number,
  out: Float32Array,
  at: number,
): void {
  const { width, height, rgb } = image;
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < 0 || top < 0 || left + 1 >= width || top + 1 >= height) {
    addSampleAtEdge(image, x, y, weight, out, at);
    return;
  }
  const upper = weight * (top + 1 - y);
  const lower = weight * (y - top);
  const a = upper * (left + 1 - x);
  const b = upper * (x - left);
  const c = lower * (left + 1 - x);
  const d = lower * (x - left);
  const p = (top * width + left) * 3;
  const q = p + width * 3;
  out[at] = sumOfFour(
    defined(out[at]),
    a,
    defined(rgb[p]),
    b,
    defined(rgb[p + 3]),
    c,
    defined(rgb[q]),
    d,
    defined(rgb[q + 3]),
  );
  out[at + 1] = sumOfFour(
    defined(out[at + 1]),
    a,
    defined(rgb[p + 1]),
    b,
    defined(rgb[p + 4]),
    c,
    defined(rgb[q + 1]),
    d,
    defined(rgb[q + 4]),
  );
  out[at + 2] = sumOfFour(
    defined(out[at + 2]),
    a,
    defined(rgb[p + 2]),
    b,
    defined(rgb[p + 5]),
    c,
    defined(rgb[q + 2]),
    d,
    defined(rgb[q + 5]),
  );
}

function sumOfFour(
  start: number,
  a: number,
  x: number,
  b: number,
  y: number,
  c: number,
  z: number,
  d: number,
  w: number,
): number {
  return Math.fround(Math.fround(Math.fround(Math.fround(start + a * x) + b * y) + c * z) + d * w);
}

/** Does the same for any point. Pixels outside the image are black. */
function addSampleAtEdge(
  { width, height, rgb }: ImageMedia,
  x: number,
  y: number,
  weight: number,
  out: Float32Array,
  at: number,
): void {
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
      out[at] = defined(out[at]) + share * defined(rgb[from]);
      out[at + 1] = defined(out[at + 1]) + share * defined(rgb[from + 1]);
      out[at + 2] = defined(out[at + 2]) + share * defined(rgb[from + 2]);
    }
  }
}

/** Returns the brightness (ITU-R BT.601) of [N, 3] colours: [N]. */
export function greyOf(colours: Float32Array): Float32Array {
  return Float32Array.from({ length: colours.length / 3 }, (_, i) =>
    luma(defined(colours[i * 3]), defined(colours[i * 3 + 1]), defined(colours[i * 3 + 2])),
  );
}
