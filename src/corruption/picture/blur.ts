import { defined } from "../../core/defined.js";
import type { PixelImage } from "../../signal/pixels.js";
import { GAUSSIAN_PASSES, gaussianMean, meanOver, runMean, type RunningMean } from "./line-mean.js";
import { pictureDamage, pixelScale } from "./picture-damage.js";

/** Convolution with a Gaussian: out of focus. */
export const blur = pictureDamage({
  summary: "the picture is out of focus",
  unit: "standard deviation of the blur in pixels, for a shorter side of 224 pixels",
  amountAt: (severity) => 10 * severity,
  corrupt: (image, deviation) =>
    separable(image, gaussianMean(deviation * pixelScale(image)), GAUSSIAN_PASSES),
});

/** Mean over a square. */
export const boxBlur = pictureDamage({
  summary: "the picture is smeared: each pixel is the mean of a square",
  unit: "pixels from the middle of the square to its sides, for a shorter side of 224 pixels",
  amountAt: (severity) => 15 * severity,
  corrupt: (image, reach) => separable(image, meanOver(1 + 2 * reach * pixelScale(image)), 1),
});

/** Applies a running mean along rows, then along columns. Rounds once. */
function separable({ width, height, rgb }: PixelImage, mean: RunningMean, passes: number): Uint8Array {
  const line = new Float64Array(Math.max(width, height));
  const scratch = new Float64Array(line.length);
  const rows = new Float32Array(rgb.length);
  const stride = 3 * width;
  for (let start = 0; start < rgb.length; start += stride) {
    for (let c = 0; c < 3; c++) {
      for (let x = 0; x < width; x++) line[x] = defined(rgb[start + 3 * x + c]);
      runMean(line, scratch, width, mean, passes);
      for (let x = 0; x < width; x++) rows[start + 3 * x + c] = defined(line[x]);
    }
  }
  const result = new Uint8Array(rgb.length);
  for (let column = 0; column < stride; column++) {
    for (let y = 0; y < height; y++) line[y] = defined(rows[y * stride + column]);
    runMean(line, scratch, height, mean, passes);
    for (let y = 0; y < height; y++) result[y * stride + column] = Math.round(defined(line[y]));
  }
  return result;
}
