import { describe, expect, it } from "vitest";
import type { ImageMedia } from "../media.js";
import { averageBlocks, resizeBilinear } from "./resize.js";

function grey(width: number, height: number, value: (x: number, y: number) => number): ImageMedia {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rgb.fill(value(x, y), (y * width + x) * 3, (y * width + x + 1) * 3);
  return { width, height, rgb };
}

describe("resizeBilinear", () => {
  it("keeps the corners and is linear between them", () => {
    const { values } = resizeBilinear(
      grey(3, 2, (x, y) => 10 * x + 100 * y),
      5,
      3,
      1,
    );
    const red = [...values].filter((_, i) => i % 3 === 0);
    expect(red).toEqual([0, 5, 10, 15, 20, 50, 55, 60, 65, 70, 100, 105, 110, 115, 120]);
  });

  it("does not change an image of the right size, except for the scale", () => {
    const image = grey(4, 4, (x, y) => x * 16 + y);
    expect(resizeBilinear(image, 4, 4, 1).values).toEqual(Float32Array.from(image.rgb));
  });

  it("spreads a single pixel and shrinks to one", () => {
    expect(
      new Set(
        resizeBilinear(
          grey(1, 1, () => 255),
          3,
          3,
          1 / 255,
        ).values,
      ),
    ).toEqual(new Set([1]));
    expect([
      ...resizeBilinear(
        grey(2, 2, () => 8),
        1,
        1,
        1,
      ).values,
    ]).toEqual([8, 8, 8]);
  });

  it("averages a large image instead of skipping its pixels", () => {
    const stripes = grey(64, 64, (x) => (x % 2) * 200);
    for (const value of resizeBilinear(stripes, 4, 4, 1).values) expect(value).toBe(100);
  });
});

describe("averageBlocks", () => {
  it("takes the mean of each block and omits incomplete blocks", () => {
    const { width, height, values } = averageBlocks(
      grey(5, 2, (x) => x * 10),
      2,
      2,
    );
    expect([width, height, values[0], values[3]]).toEqual([2, 1, 5, 25]);
  });
});
