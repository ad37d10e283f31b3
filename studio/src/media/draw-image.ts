import type { ImageMedia } from "euar/browser";
import { defined } from "../../../src/core/defined.js";

/** Draws a picture in its own size. */
export function drawImage(canvas: HTMLCanvasElement, { width, height, rgb }: ImageMedia): void {
  canvas.width = width;
  canvas.height = height;
  const data = new ImageData(width, height);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    data.data[to] = defined(rgb[from]);
    data.data[to + 1] = defined(rgb[from + 1]);
    data.data[to + 2] = defined(rgb[from + 2]);
    data.data[to + 3] = 255;
  }
  canvas.getContext("2d")?.putImageData(data, 0, 0);
}
