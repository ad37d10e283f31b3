import { defined } from "../../core/defined.js";
import { cos, sqrt } from "../../core/math.js";
import { luma, type PixelImage } from "../../signal/pixels.js";
import { geometric } from "../geometric.js";
import { pictureDamage } from "./picture-damage.js";
import { chromaSteps, lumaSteps } from "./quantisation.js";

/** Compression by quantised cosine transforms of 8 x 8 pixels. Colours keep their full resolution. */
export const jpegBlocks = pictureDamage({
  summary: "the picture shows blocks, as one that was compressed too much",
  unit: "quality of JPEG, 100 = best (of the usual tables, which IJG's software scales)",
  amountAt: geometric(90, 2),
  corrupt: jpegPixels,
});

const SIDE = 8;
const AREA = SIDE * SIDE;

/** [u, x], c(u) / 2 cos((2 x + 1) u pi / 16), the orthonormal cosine transform of 8 values. */
const BASIS = Float64Array.from({ length: AREA }, (_, i) => {
  const [u, x] = [Math.floor(i / SIDE), i % SIDE];
  return (u === 0 ? sqrt(0.125) : 0.5) * cos(((2 * x + 1) * u * Math.PI) / 16);
});

/** Returns the pixels after JPEG compression with a quality in [1, 100]. */
export function jpegPixels({ width, height, rgb }: PixelImage, quality: number): Uint8Array {
  const planes = [0, 1, 2].map(() => new Float64Array(AREA));
  const [y, cb, cr] = planes as [Float64Array, Float64Array, Float64Array];
  const scratch = new Float64Array(AREA);
  const [ofLuma, ofChroma] = [lumaSteps(quality), chromaSteps(quality)];
  const result = new Uint8Array(rgb.length);
  for (let top = 0; top < height; top += SIDE) {
    for (let left = 0; left < width; left += SIDE) {
      for (let i = 0; i < AREA; i++) {
        // The last pixels are repeated beyond the picture.
        const row = Math.min(height - 1, top + (i >> 3));
        const at = 3 * (row * width + Math.min(width - 1, left + (i & 7)));
        const [r, g, b] = [defined(rgb[at]), defined(rgb[at + 1]), defined(rgb[at + 2])];
        y[i] = Math.round(luma(r, g, b)) - 128;
        cb[i] = Math.round(-0.168735892 * r - 0.331264108 * g + 0.5 * b);
        cr[i] = Math.round(0.5 * r - 0.418687589 * g - 0.081312411 * b);
      }
      quantiseBlock(y, scratch, ofLuma);
      quantiseBlock(cb, scratch, ofChroma);
      quantiseBlock(cr, scratch, ofChroma);
      for (let i = 0; i < AREA; i++) {
        const [row, column] = [top + (i >> 3), left + (i & 7)];
        if (row >= height || column >= width) continue;
        const at = 3 * (row * width + column);
        const [l, blue, red] = [
          toByte(128 + defined(y[i])),
          toSigned(defined(cb[i])),
          toSigned(defined(cr[i])),
        ];
        result[at] = toByte(l + 1.402 * red);
        result[at + 1] = toByte(l - 0.344136286 * blue - 0.714136286 * red);
        result[at + 2] = toByte(l + 1.772 * blue);
      }
    }
  }
  return result;
}

/** Transforms a block, rounds each coefficient to a multiple of its step, and transforms back. In place. */
export function quantiseBlock(block: Float64Array, scratch: Float64Array, steps: Float64Array): void {
  multiply(BASIS, block, scratch, false);
  multiplyTransposed(scratch, BASIS, block);
  for (let i = 0; i < AREA; i++) {
    const step = steps[i] ?? 1;
    const value = defined(block[i]);
    // halves are rounded away from 0, as encoders do
    block[i] = Math.sign(value) * step * Math.floor(Math.abs(value) / step + 0.5);
  }
  multiply(BASIS, block, scratch, true);
  multiply(scratch, BASIS, block, false);
}

/** out = A B, or A^T B. All are [8, 8]. */
function multiply(a: Float64Array, b: Float64Array, out: Float64Array, transposed: boolean): void {
  for (let i = 0; i < SIDE; i++) {
    for (let j = 0; j < SIDE; j++) {
      let sum = 0;
      for (let k = 0; k < SIDE; k++)
        sum += defined(a[transposed ? k * SIDE + i : i * SIDE + k]) * defined(b[k * SIDE + j]);
      out[i * SIDE + j] = sum;
    }
  }
}

/** out = A B^T. */
function multiplyTransposed(a: Float64Array, b: Float64Array, out: Float64Array): void {
  for (let i = 0; i < SIDE; i++) {
    for (let j = 0; j < SIDE; j++) {
      let sum = 0;
      for (let k = 0; k < SIDE; k++) sum += defined(a[i * SIDE + k]) * defined(b[j * SIDE + k]);
      out[i * SIDE + j] = sum;
    }
  }
}

function toByte(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}

/** Rounds and limits a colour difference like a byte with the offset 128. */
function toSigned(value: number): number {
  return toByte(128 + value) - 128;
}
