import type { ImageMedia } from "euar/browser";
import { MediaError } from "euar/features";
import { drawImage } from "../media/draw-image.js";

/** Writes a picture as PNG, without loss. */
export function pngOf(image: ImageMedia): Promise<Blob> {
  const canvas = document.createElement("canvas");
  drawImage(canvas, image);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new MediaError("media.unsupported", "the page cannot write the picture as PNG"));
    }, "image/png");
  });
}
