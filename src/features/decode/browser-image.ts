import { MediaError } from "../../core/errors.js";
import type { ImageMedia } from "../media.js";
import { drawnPixels } from "./browser-pixels.js";
import { imageFormat } from "./image-format.js";
import { type ImageLimits, resolveLimits, tooLarge } from "./image-limits.js";

/**
 * Decodes an image with the browser's decoder. Formats (TIFF only if the browser supports it), orientation,
 * white under alpha and limits are those of `decodeImage` in Node. The browser interpolates shrunk
 * images, so their last bits differ.
 * @throws MediaError "media.unsupported", "media.damaged", "media.too-large"
 */
export async function decodeImageInBrowser(
  source: Blob | Uint8Array,
  limits: ImageLimits = {},
  name = "the image",
): Promise<ImageMedia> {
  const { maxPixels, maxSide } = resolveLimits(limits);
  const bytes = new Uint8Array(source instanceof Blob ? await source.arrayBuffer() : source);
  const format = imageFormat(bytes, name);
  const bitmap = await decoded(new Blob([bytes], { type: `image/${format}` }), name);
  try {
    if (bitmap.width * bitmap.height > maxPixels) throw tooLarge(name, maxPixels);
    return drawnPixels(bitmap, bitmap.width, bitmap.height, maxSide);
  } finally {
    bitmap.close();
  }
}

async function decoded(blob: Blob, name: string): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob, { imageOrientation: "from-image", premultiplyAlpha: "premultiply" });
  } catch (cause) {
    throw new MediaError("media.damaged", `${name} cannot be decoded by this browser (${blob.type})`, {
      hint: "It is damaged, or of a kind that the browser does not know: save it as JPEG or PNG.",
      cause,
    });
  }
}
