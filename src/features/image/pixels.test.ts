import { describe, expect, it } from "vitest";
import { createExtractor } from "../registry.js";
import { scaledPixels } from "./pixels.js";

const nothing = { readAsset: () => Promise.reject(new Error("nothing is here")) };
const choice = (options: Record<string, unknown>): Parameters<typeof createExtractor>[1] => ({
  adapter: "image/pixels",
  options,
});

/** Left half black, right half in one colour. */
function halves(width: number, height: number, colour: readonly [number, number, number]): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, (_, i) =>
    Math.floor(i / 3) % width < width / 2 ? 0 : (colour[i % 3] ?? 0),
  );
}

describe("image/pixels", () => {
  it("keeps an image of its own size, scaled to -1 to 1", () => {
    const rgb = Uint8Array.of(0, 255, 51, 102, 0, 0, 255, 255, 255, 0, 0, 0);
    const values = scaledPixels({ width: 2, height: 2, rgb }, { side: 2, colour: "rgb" });
    Array.from(rgb).forEach((byte, i) => {
      expect(values[i]).toBeCloseTo(byte / 127.5 - 1, 6);
    });
  });

  it("takes the luma of each pixel as grey", () => {
    const rgb = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255);
    const grey = scaledPixels({ width: 2, height: 2, rgb }, { side: 2, colour: "grey" });
    const lumas = [0.299, 0.587, 0.114, 1];
    Array.from(grey).forEach((value, i) => {
      expect(value).toBeCloseTo(2 * (lumas[i] ?? NaN) - 1, 6);
    });
  });

  it("makes any image a square of its side, and states its quality", async () => {
    const extractor = await createExtractor("image", choice({ side: 4, colour: "grey" }), nothing);
    expect(extractor.identity).toMatchObject({ version: 1, packages: {}, width: 16 });
    const image = { width: 64, height: 10, rgb: halves(64, 10, [255, 255, 255]) };
    const { steps, sequence, mask, quality } = await extractor.extract(image);
    expect([steps, Array.from(mask)]).toEqual([1, [1]]);
    for (let y = 0; y < 4; y++) {
      expect(sequence[4 * y]).toBeCloseTo(-1, 5);
      expect(sequence[4 * y + 3]).toBeCloseTo(1, 5);
    }
    expect(quality.problems.map(({ code }) => code)).toContain("image.small");
  });

  it("refuses pixels that do not fit their size", async () => {
    const extractor = await createExtractor("image", choice({}), nothing);
    await expect(
      Promise.resolve().then(() => extractor.extract({ width: 2, height: 2, rgb: new Uint8Array(3) })),
    ).rejects.toMatchObject({ code: "media.damaged" });
  });
});
