import { resampleImage } from "../../signal/resample-image.js";
import type { PixelImage } from "../../signal/pixels.js";
import { geometric } from "../geometric.js";
import { pictureDamage } from "./picture-damage.js";

/** Picture that is shrunk by averaging and enlarged to its size again. */
export const lowResolution = pictureDamage({
  summary: "the picture has too few pixels, as a thumbnail or a face far away",
  unit: "times fewer pixels on each side",
  amountAt: geometric(1, 16),
  corrupt: (image, factor) => {
    const small = resized(image, Math.ceil(image.width / factor), Math.ceil(image.height / factor));
    return resized(small, image.width, image.height).rgb;
  },
});

/** Resizes with the bilinear filter of {@link resampleImage}, which averages when it shrinks. */
export function resized(image: PixelImage, width: number, height: number): PixelImage {
  if (image.width === width && image.height === height) return image;
  const { values } = resampleImage(image, width, height, { left: 0, top: 0, width, height }, "bilinear");
  return { width, height, rgb: Uint8Array.from(values, Math.round) };
}
