import { MediaError } from "../../core/errors.js";
import type { ImageMedia } from "../media.js";

/** Parts of an image that a modality may read. Pairs of images are stored side by side. */
export const imageParts = ["left", "right"] as const;
export type ImagePart = (typeof imageParts)[number];

/**
 * Returns the left or right half of an image. The middle column of an odd width is in neither.
 * @throws MediaError "media.unsupported" for an image of one column
 */
export function imagePart({ width, height, rgb }: ImageMedia, part: ImagePart): ImageMedia {
  const half = Math.floor(width / 2);
  if (half === 0)
    throw new MediaError(
      "media.unsupported",
      "an image one pixel wide cannot be a pair of images side by side",
      {
        hint: "Give the image whose left half is RGB and whose right half is depth.",
      },
    );
  const left = part === "left" ? 0 : width - half;
  const cut = new Uint8Array(half * height * 3);
  for (let y = 0; y < height; y++) {
    const start = 3 * (y * width + left);
    cut.set(rgb.subarray(start, start + 3 * half), 3 * y * half); // [height, half, 3]
  }
  return { width: half, height, rgb: cut };
}
