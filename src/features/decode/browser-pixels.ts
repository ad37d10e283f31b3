import { defined } from "../../core/defined.js";
import { MediaError } from "../../core/errors.js";
import type { ImageMedia } from "../media.js";
import { fitted } from "./image-limits.js";

/**
 * Returns the pixels of anything that a browser can draw: over white, shrunk (never enlarged) to `maxSide` on
 * its longer side.
 * @param width width of the source in pixels
 * @param height height of the source in pixels
 * @throws MediaError "media.too-large" if the browser has no canvas of that size
 */
export function drawnPixels(
  source: CanvasImageSource,
  width: number,
  height: number,
  maxSide: number,
): ImageMedia {
  const size = fitted(width, height, maxSide);
  const context = new OffscreenCanvas(size.width, size.height).getContext("2d", { willReadFrequently: true });
  if (!context)
    throw new MediaError(
      "media.too-large",
      `this browser has no canvas of ${size.width} x ${size.height} pixels`,
      { hint: "Use a smaller picture." },
    );
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, size.width, size.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, size.width, size.height);
  return { ...size, rgb: withoutAlpha(context.getImageData(0, 0, size.width, size.height).data) };
}

/** @returns [height, width, 3] */
function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = defined(rgba[from]);
    rgb[to + 1] = defined(rgba[from + 1]);
    rgb[to + 2] = defined(rgba[from + 2]);
  }
  return rgb;
}
