import { defined } from "../../core/defined.js";
import type { Pixels } from "../../signal/pixels.js";
import type { ImageMedia } from "../media.js";

/**
 * Interpolates bilinearly with aligned corners: row y of the result is at y (h - 1) / (H - 1) of the source.
 *
 * An image more than twice as large as the result is first averaged over whole blocks of pixels, because
 * interpolation alone would skip most of them.
 * @param scale factor of each byte
 * @returns [height, width, 3]
 */
export function resizeBilinear(image: ImageMedia, width: number, height: number, scale: number): Pixels {
  const source = averageBlocks(
    image,
    Math.max(1, Math.floor(image.width / (2 * width))),
    Math.max(1, Math.floor(image.height / (2 * height))),
  );
  const values = new Float32Array(width * height * 3);
  const rows = positions(source.height, height);
  const columns = positions(source.width, width);
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      for (let c = 0; c < 3; c++) {
        const pixel = (y: number, x: number): number =>
          defined(source.values[(y * source.width + x) * 3 + c]);
        const top =
          pixel(row.low, column.low) * (1 - column.weight) + pixel(row.low, column.high) * column.weight;
        const bottom =
          pixel(row.high, column.low) * (1 - column.weight) + pixel(row.high, column.high) * column.weight;
        values[at++] = (top * (1 - row.weight) + bottom * row.weight) * scale;
      }
    }
  }
  return { width, height, values };
}

interface Position {
  readonly low: number;
  readonly high: number;
  /** Weight of `high`. */
  readonly weight: number;
}

function positions(from: number, to: number): Position[] {
  const step = to > 1 ? (from - 1) / (to - 1) : 0;
  return Array.from({ length: to }, (_, i) => {
    const low = Math.min(from - 1, Math.floor(i * step));
    return { low, high: Math.min(from - 1, low + 1), weight: i * step - low };
  });
}

/**
 * Returns means over blocks of `across` x `down` pixels. Drops incomplete blocks at the right and lower
 * edges.
 */
export function averageBlocks(image: ImageMedia, across: number, down: number): Pixels {
  const width = Math.max(1, Math.floor(image.width / across));
  const height = Math.max(1, Math.floor(image.height / down));
  const values = new Float32Array(width * height * 3);
  if (across === 1 && down === 1) values.set(image.rgb);
  else {
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        averageBlock(image, x * across, y * down, across, down, values, (y * width + x) * 3);
  }
  return { width, height, values };
}

function averageBlock(
  image: ImageMedia,
  left: number,
  top: number,
  across: number,
  down: number,
  out: Float32Array,
  at: number,
): void {
  const sums = [0, 0, 0];
  for (let y = top; y < top + down; y++) {
    for (let x = left; x < left + across; x++) {
      for (let c = 0; c < 3; c++)
        sums[c] = defined(sums[c]) + defined(image.rgb[(y * image.width + x) * 3 + c]);
    }
  }
  for (let c = 0; c < 3; c++) out[at + c] = defined(sums[c]) / (across * down);
}
