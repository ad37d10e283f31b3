import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { PixelImage } from "./pixels.js";
import { resampleImage, type ResampleFilter } from "./resample-image.js";

interface Case {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly filter: ResampleFilter;
  readonly values: readonly number[];
}

/** Made by scripts/fixtures/pillow_resize.py. */
const cases = JSON.parse(
  readFileSync(new URL("../../test/fixtures/pillow-resize.json", import.meta.url), "utf8"),
) as readonly Case[];

function pattern([width, height]: readonly [number, number]): PixelImage {
  const level = (x: number, y: number, c: number): number => (x * 31 + y * 17 + c * 53 + x * y) % 256;
  return {
    width,
    height,
    rgb: Uint8Array.from({ length: width * height * 3 }, (_, i) =>
      level(Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3),
    ),
  };
}

describe("resample", () => {
  it.each(cases)("equals Pillow: $from to $to, $filter", ({ from, to: [width, height], filter, values }) => {
    const result = resampleImage(pattern(from), width, height, { left: 0, top: 0, width, height }, filter);
    expect([result.width, result.height, result.values.length]).toEqual([width, height, values.length]);
    result.values.forEach((value, i) => {
      expect(Math.abs(value - (values[i] ?? NaN))).toBeLessThan(2e-3);
    });
  });

  it("makes a window equal to the same part of the whole", () => {
    const image = pattern([60, 41]);
    const whole = resampleImage(image, 30, 20, { left: 0, top: 0, width: 30, height: 20 }, "bicubic");
    const part = resampleImage(image, 30, 20, { left: 11, top: 3, width: 5, height: 7 }, "bicubic");
    for (let y = 0; y < 7; y++)
      for (let i = 0; i < 15; i++)
        expect(part.values[y * 15 + i]).toBe(whole.values[((y + 3) * 30 + 11) * 3 + i]);
  });

  it("makes only the middle of an image that is a thousand times as long as high", () => {
    const long = pattern([4000, 4]);
    const result = resampleImage(
      long,
      256_000,
      256,
      { left: 127_888, top: 16, width: 224, height: 224 },
      "bilinear",
    );
    expect(result.values.length).toBe(224 * 224 * 3);
    expect(result.values.every((value) => value >= 0 && value <= 255)).toBe(true);
  });
});
