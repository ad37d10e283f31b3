import { describe, expect, it } from "vitest";
import type { ImageMedia } from "../media.js";
import { cropSquare, squareAround, toImage, type Square } from "./crop.js";

const image: ImageMedia = {
  width: 50,
  height: 37,
  rgb: Uint8Array.from({ length: 50 * 37 * 3 }, (_, i) => (i * i * 31 + 7 * i) & 255),
};
const turned = (angle: number): Pick<Square, "cos" | "sin"> => ({
  cos: Math.cos(angle),
  sin: Math.sin(angle),
});

/**
 * Reference that follows the definition pixel by pixel: the mean of the samples of a pixel. Each sample sums
 * the pixels around it in single precision, in the order of rows.
 */
function plainCrop({ width, height, rgb }: ImageMedia, square: Square, size: number): Float32Array {
  const perSide = square.side > size ? 2 : 1;
  const step = square.side / (size * perSide);
  const [startX, startY] = toImage(square, 0, 0);
  return Float32Array.from({ length: size * size * 3 }, (_, at) => {
    const [channel, column, row] = [at % 3, Math.floor(at / 3) % size, Math.floor(at / 3 / size)];
    let sum = 0;
    for (let i = 0; i < perSide * perSide; i++) {
      const u = (column * perSide + (i % perSide) + 0.5) * step;
      const v = (row * perSide + Math.floor(i / perSide) + 0.5) * step;
      const x = startX + u * square.cos - v * square.sin - 0.5;
      const y = startY + u * square.sin + v * square.cos - 0.5;
      for (const [px, py] of [
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
      ] as const) {
        const [left, top] = [Math.floor(x), Math.floor(y)];
        if (left + px < 0 || left + px >= width || top + py < 0 || top + py >= height) continue;
        const share =
          (1 / (perSide * perSide)) *
          (py === 0 ? top + 1 - y : y - top) *
          (px === 0 ? left + 1 - x : x - left);
        sum = Math.fround(sum + share * (rgb[((top + py) * width + left + px) * 3 + channel] ?? 0));
      }
    }
    return sum;
  });
}

describe("cropSquare", () => {
  it.each<[string, Square, number]>([
    ["the whole picture, made smaller", squareAround(image), 16],
    ["the whole picture, made larger", squareAround(image), 64],
    ["a square inside, turned", { centreX: 24.3, centreY: 18.1, side: 20.7, ...turned(0.3) }, 9],
    [
      "a square inside, turned, made larger",
      { centreX: 24.3, centreY: 18.1, side: 10.2, ...turned(-2.1) },
      32,
    ],
    ["a square across a corner", { centreX: 49.2, centreY: 1.3, side: 17.3, ...turned(1.1) }, 12],
    ["a square far outside", { centreX: -500, centreY: 900, side: 30, ...turned(0) }, 8],
  ])("%s: bit for bit what its description says", (_, square, size) => {
    const crop = cropSquare(image, square, size);
    expect(crop).toEqual(plainCrop(image, square, size));
    expect(crop.some((value) => value > 0)).toBe(square.centreX > 0);
  });

  it("of the picture's own size is the picture", () => {
    const square: ImageMedia = { width: 7, height: 7, rgb: image.rgb.slice(0, 7 * 7 * 3) };
    expect(cropSquare(square, squareAround(square), 7)).toEqual(Float32Array.from(square.rgb));
  });
});
