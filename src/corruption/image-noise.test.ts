import { describe, expect, it } from "vitest";
import { addImageNoise, type ImageNoiseName, imageNoises } from "./image-noise.js";
import type { PixelImage } from "../signal/pixels.js";

const names = Object.keys(imageNoises).filter((name): name is ImageNoiseName =>
  Object.hasOwn(imageNoises, name),
);

function grey(level: number, width = 32, height = 32): PixelImage {
  return { width, height, rgb: new Uint8Array(width * height * 3).fill(level) };
}

/** An id that `preset` hits (at this epsilon), or one that it spares. */
function idThat(isHit: boolean, preset: ImageNoiseName, epsilon: number): string {
  for (let n = 0; n < 100; n++) {
    const image = grey(128);
    if ((addImageNoise(image, preset, epsilon, { seed: 1, id: `${n}` }) !== image) === isHit) return `${n}`;
  }
  throw new Error("no such id");
}

function shareHit(preset: ImageNoiseName, epsilon: number): number {
  const tiny = grey(128, 2, 2);
  let hit = 0;
  for (let n = 0; n < 2000; n++)
    if (addImageNoise(tiny, preset, epsilon, { seed: 3, id: `${n}` }) !== tiny) hit += 1;
  return hit / 2000;
}

const channel = (image: PixelImage, c: number): Uint8Array => image.rgb.filter((_, i) => i % 3 === c);
const moments = (values: Uint8Array): { mean: number; deviation: number } => {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) };
};

const isGrey = (rgb: Uint8Array): boolean =>
  channel({ width: 0, height: 0, rgb }, 0).every((v, i) => rgb[3 * i + 1] === v && rgb[3 * i + 2] === v);

describe("addImageNoise", () => {
  it("is a pure function of preset, epsilon, seed, id and image, and leaves the original alone", () => {
    for (const name of names) {
      const image = grey(90, 8, 8);
      const once = addImageNoise(image, name, 8, { seed: 5, id: "a" });
      addImageNoise(grey(10, 8, 8), name, 8, { seed: 5, id: "b" });
      expect(addImageNoise(image, name, 8, { seed: 5, id: "a" })).toEqual(once);
      expect(image.rgb.every((v) => v === 90)).toBe(true);
    }
  });

  it("does nothing at epsilon 0", () => {
    for (const name of names) {
      const image = grey(90);
      expect(addImageNoise(image, name, 0, { seed: 1, id: "a" })).toBe(image);
    }
  });

  it.each([
    ["gaussian/exact", 5, 0.5],
    ["gaussian/exact", 10, 0.5],
    ["gaussian/clean", 5, 1],
    ["salt-and-pepper/exact", 5, 0.5],
    ["salt-and-pepper/exact", 10, 1],
    ["salt-and-pepper/exact-percent", 5, 0.05],
    ["salt-and-pepper/clean", 5, 1],
  ] as const)("%s at epsilon %d hits an image with probability %d", (name, epsilon, expected) => {
    expect(Math.abs(shareHit(name, epsilon) - expected)).toBeLessThan(expected === 1 ? 1e-9 : 0.03);
  });

  it("a larger epsilon hits the images that a smaller one hits", () => {
    for (let n = 0; n < 200; n++) {
      const image = grey(128, 2, 2);
      const hit = (epsilon: number): boolean =>
        addImageNoise(image, "salt-and-pepper/exact", epsilon, { seed: 1, id: `${n}` }) !== image;
      if (hit(3)) expect(hit(7)).toBe(true);
    }
  });

  describe("gaussian, exact: the quirks of the public code", () => {
    const id = idThat(true, "gaussian/exact", 5);

    it("adds one field to the three channels alike", () => {
      const { rgb } = addImageNoise(grey(128), "gaussian/exact", 2, { seed: 1, id });
      expect(isGrey(rgb)).toBe(true);
    });

    it("has a deviation of 10 epsilon levels", () => {
      const { mean, deviation } = moments(
        channel(addImageNoise(grey(128), "gaussian/exact", 2, { seed: 1, id }), 0),
      );
      expect(Math.abs(mean - 127.5)).toBeLessThan(2); // cut off, not rounded
      expect(Math.abs(deviation - 20)).toBeLessThan(1.5);
    });

    it("adds the same field to every image", () => {
      const other = Array.from({ length: 40 }, (_, n) => `other ${n}`).map((name) =>
        addImageNoise(grey(128), "gaussian/exact", 2, { seed: 1, id: name }),
      );
      const noisy = other.filter(({ rgb }) => rgb.some((v) => v !== 128));
      expect(noisy.length).toBeGreaterThan(10);
      const expected = addImageNoise(grey(128), "gaussian/exact", 2, { seed: 1, id }).rgb;
      for (const { rgb } of noisy) expect(Buffer.compare(rgb, expected)).toBe(0);
    });

    it("clips at 255 only", () => {
      const { rgb } = addImageNoise(grey(250), "gaussian/exact", 1, { seed: 1, id });
      expect(rgb.filter((v) => v === 255).length).toBeGreaterThan(rgb.length / 5);
      expect(rgb.every((v) => v > 190)).toBe(true);
    });

    it("wraps values below 0 through a byte: -1 becomes 255", () => {
      const low = addImageNoise(grey(0), "gaussian/exact", 1, { seed: 1, id }).rgb;
      const field = addImageNoise(grey(128), "gaussian/exact", 1, { seed: 1, id }).rgb;
      const wrapped = low.filter((_, i) => (field[i] ?? 0) < 127);
      expect(wrapped.length).toBeGreaterThan(low.length / 3);
      expect(wrapped.every((v) => v > 200)).toBe(true);
      const barely = low.findIndex((v) => v === 255);
      // -2 < noise <= -1: cut off towards zero to -1 below 0, downwards to 126 above
      expect(field[barely]).toBe(126);
    });
  });

  describe("gaussian, clean", () => {
    it("draws each channel and each image independently", () => {
      const [a, b] = ["a", "b"].map((id) => addImageNoise(grey(128), "gaussian/clean", 2, { seed: 1, id }));
      if (a === undefined || b === undefined) throw new Error("two images");
      expect(a).not.toEqual(b);
      expect(channel(a, 0)).not.toEqual(channel(a, 1));
      expect(Math.abs(moments(a.rgb).deviation - 20)).toBeLessThan(1);
      expect(Math.abs(moments(a.rgb).mean - 128)).toBeLessThan(1);
    });

    it("saturates at both ends", () => {
      const dark = addImageNoise(grey(0), "gaussian/clean", 1, { seed: 1, id: "a" }).rgb;
      expect(dark.every((v) => v < 70)).toBe(true);
      // a half, and what rounds to 0
      expect(dark.filter((v) => v === 0).length / dark.length).toBeCloseTo(0.52, 1);
      expect(
        addImageNoise(grey(255), "gaussian/clean", 1, { seed: 1, id: "a" }).rgb.every((v) => v > 185),
      ).toBe(true);
    });
  });

  describe("salt and pepper", () => {
    const lost = (image: PixelImage): { share: number; white: number } => {
      const red = channel(image, 0);
      const black = red.filter((v) => v === 0).length;
      const white = red.filter((v) => v === 255).length;
      return { share: (black + white) / red.length, white: white / (black + white) };
    };

    it("exact: a tenth of the pixels of a changed image, half of them white, for every epsilon", () => {
      for (const epsilon of [3, 10]) {
        const image = addImageNoise(grey(128, 200, 200), "salt-and-pepper/exact", epsilon, {
          seed: 1,
          id: idThat(true, "salt-and-pepper/exact", epsilon),
        });
        expect(Math.abs(lost(image).share - 0.1)).toBeLessThan(0.006);
        expect(Math.abs(lost(image).white - 0.5)).toBeLessThan(0.04);
      }
    });

    it("clean: epsilon hundredths of every image's pixels, those of a smaller epsilon among them", () => {
      const five = addImageNoise(grey(128, 200, 200), "salt-and-pepper/clean", 5, { seed: 1, id: "a" });
      const ten = addImageNoise(grey(128, 200, 200), "salt-and-pepper/clean", 10, { seed: 1, id: "a" });
      expect(Math.abs(lost(five).share - 0.05)).toBeLessThan(0.005);
      expect(Math.abs(lost(ten).share - 0.1)).toBeLessThan(0.006);
      expect(five.rgb.every((v, i) => v === 128 || ten.rgb[i] === v)).toBe(true);
    });

    it("takes all three channels of a pixel", () => {
      const { rgb } = addImageNoise(grey(128), "salt-and-pepper/clean", 10, { seed: 1, id: "a" });
      expect(isGrey(rgb)).toBe(true);
    });
  });
});
