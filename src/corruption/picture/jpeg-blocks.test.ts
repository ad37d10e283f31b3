import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { jpegPixels, quantiseBlock } from "./jpeg-blocks.js";
import { chromaSteps, lumaSteps } from "./quantisation.js";
import { distance, scene } from "./testing/pictures.js";

/** Coefficient (v, u) of a block by the definition of ITU-T T.81, A.3.3. */
function coefficient(block: Float64Array, v: number, u: number): number {
  const c = (k: number): number => (k === 0 ? Math.SQRT1_2 : 1);
  let sum = 0;
  block.forEach((value, i) => {
    const [y, x] = [i >> 3, i & 7];
    sum += value * Math.cos(((2 * x + 1) * u * Math.PI) / 16) * Math.cos(((2 * y + 1) * v * Math.PI) / 16);
  });
  return (c(u) * c(v) * sum) / 4;
}

describe("jpeg-blocks", () => {
  it("rounds each coefficient of the definition to a multiple of its step", () => {
    const block = Float64Array.from({ length: 64 }, (_, i) => ((i * 37) % 101) - 50);
    const steps = Float64Array.from({ length: 64 }, (_, i) => 7 + i);
    const before = block.slice();
    quantiseBlock(block, new Float64Array(64), steps);
    for (let i = 0; i < 64; i++) {
      const step = steps[i] ?? NaN;
      const expected = step * Math.round(coefficient(before, i >> 3, i & 7) / step);
      expect(coefficient(block, i >> 3, i & 7)).toBeCloseTo(expected, 9);
    }
  });

  it("scales the tables by quality", () => {
    expect(lumaSteps(50)[0]).toBe(16);
    expect(lumaSteps(50)[63]).toBe(99);
    expect(lumaSteps(25)[0]).toBe(32);
    expect(chromaSteps(75)[0]).toBe(9);
    expect(chromaSteps(100)[5]).toBe(1);
    expect(lumaSteps(1)[40]).toBe(255);
  });

  it.each([60, 20, 5])("gives the result of a JPEG encoder and decoder at quality %d", async (quality) => {
    const picture = scene(48, 40);
    const bytes = await sharp(picture.rgb, { raw: { width: 48, height: 40, channels: 3 } })
      .jpeg({ quality, chromaSubsampling: "4:4:4" })
      .toBuffer();
    const decoded = { ...picture, rgb: new Uint8Array(await sharp(bytes).raw().toBuffer()) };
    expect(distance({ ...picture, rgb: jpegPixels(picture, quality) }, decoded)).toBeLessThan(1);
  });
});
