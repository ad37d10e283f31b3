import { describe, expect, it } from "vitest";
import { codeOf } from "../../core/testing/code-of.js";
import { randomKey } from "../../core/random.js";
import type { PixelImage } from "../../signal/pixels.js";
import { pictureDamages } from "./picture-damages.js";
import { apply, channel, distance, type PictureKind, scene } from "./testing/pictures.js";

const kinds = Object.keys(pictureDamages) as PictureKind[];
const picture = scene(60, 48);
picture.rgb.fill(3, 0, 180); // a shadow that is not white at the strongest exposure
const other = scene(33, 50, 2);

describe.each(kinds)("%s", (kind) => {
  it("returns the same picture at severity 0", () => {
    expect(apply(kind, picture, 0, { other })).toBe(picture);
  });

  it("damages more at a larger severity, keeps the size, and leaves the original alone", () => {
    const before = picture.rgb.slice();
    const results = [0.15, 0.4, 0.7, 1].map((severity) => apply(kind, picture, severity, { other }));
    const distances = results.map((result) => distance(picture, result));
    distances.forEach((value, i) => {
      expect(value).toBeGreaterThan(distances[i - 1] ?? 0);
    });
    for (const { width, height, rgb } of results)
      expect([width, height, rgb.length]).toEqual([60, 48, 60 * 48 * 3]);
    expect(picture.rgb).toEqual(before);
  });

  it("gives the same bits for the same key", () => {
    const once = apply(kind, picture, 0.6, { other, key: randomKey(3, "a") });
    expect(apply(kind, picture, 0.6, { other, key: randomKey(3, "a") })).toEqual(once);
  });

  it("accepts pictures of one pixel, one row and one column", () => {
    for (const [width, height] of [
      [1, 1],
      [1, 9],
      [17, 1],
      [2, 3],
    ] as const)
      expect(apply(kind, scene(width, height), 0.9, { other }).rgb).toHaveLength(width * height * 3);
  });

  it("refuses pixels that do not fit the size, and odd severities", () => {
    const torn: PixelImage = { width: 4, height: 4, rgb: new Uint8Array(47) };
    expect(codeOf(() => apply(kind, torn, 0.5, { other }))).toBe("media.damaged");
    const none: PixelImage = { width: 0, height: 0, rgb: new Uint8Array(0) };
    expect(codeOf(() => apply(kind, none, 0.5, { other }))).toBe("media.damaged");
    for (const severity of [-1, 2, NaN])
      expect(codeOf(() => apply(kind, picture, severity, { other }))).toBe("config.invalid");
  });
});

describe("pictureDamages", () => {
  it("wrong-picture needs another picture, and is it at severity 1", () => {
    expect(codeOf(() => apply("wrong-picture", picture, 0.5))).toBe("config.invalid");
    const same = scene(60, 48, 5);
    expect(apply("wrong-picture", picture, 1, { other: same }).rgb).toEqual(same.rgb);
  });

  it("gaussian-noise has the stated deviation, and differs from frame to frame", () => {
    const grey: PixelImage = { width: 100, height: 100, rgb: new Uint8Array(30_000).fill(128) };
    const noisy = apply("gaussian-noise", grey, 0.25);
    expect(Math.abs(distance(grey, noisy) - 25)).toBeLessThan(0.5);
    expect(apply("gaussian-noise", grey, 0.25, { frame: 1 })).not.toEqual(noisy);
  });

  it("salt-and-pepper takes the stated share of pixels", () => {
    const grey: PixelImage = { width: 200, height: 200, rgb: new Uint8Array(120_000).fill(128) };
    const lost = channel(apply("salt-and-pepper", grey, 0.5), 0).filter((v) => v !== 128);
    expect(lost.length / 40_000).toBeCloseTo(0.25, 2);
  });

  it("dark takes stops of linear light away, bright adds them", () => {
    // 188 is half of the light of 255; 137 a quarter.
    const grey: PixelImage = { width: 1, height: 1, rgb: Uint8Array.of(255, 188, 137) };
    expect(Array.from(apply("dark", grey, 1 / 8).rgb)).toEqual([188, 137, 99]);
    expect(Array.from(apply("bright", grey, 1 / 8).rgb)).toEqual([255, 255, 188]);
  });

  it("low-contrast keeps the stated share of contrast", () => {
    const grey: PixelImage = { width: 1, height: 1, rgb: Uint8Array.of(27, 127, 227) };
    const [low = NaN, , high = NaN] = apply("low-contrast", grey, 0.5).rgb;
    expect((high - low) / 200).toBeCloseTo(1 - 0.475, 2);
  });

  it("high-contrast and high-saturation multiply differences from the middle and from grey", () => {
    const grey: PixelImage = { width: 1, height: 1, rgb: Uint8Array.of(100, 127, 140) };
    // 2 times at a third: 127.5 + 2 (level - 127.5)
    expect(Array.from(apply("high-contrast", grey, 1 / 3).rgb)).toEqual([73, 127, 153]);
    const colours: PixelImage = { width: 1, height: 1, rgb: Uint8Array.of(110, 100, 90) };
    // grey 101.85: 101.85 + 2 (level - 101.85)
    expect(Array.from(apply("high-saturation", colours, 1 / 3).rgb)).toEqual([118, 98, 78]);
    expect(Array.from(apply("high-saturation", colours, 1).rgb)).toEqual([167, 87, 7]);
  });

  it("low-resolution leaves about as many pixels as stated", () => {
    // One white column of 64: its light is spread over a pixel of the small picture.
    const line: PixelImage = { width: 64, height: 64, rgb: new Uint8Array(64 * 64 * 3) };
    for (let y = 0; y < 64; y++) line.rgb.fill(255, (y * 64 + 32) * 3, (y * 64 + 33) * 3);
    const row = channel(apply("low-resolution", line, 0.5), 0).slice(0, 64); // 4 times fewer
    const bright = row.filter((v) => v > 0.5 * Math.max(...row)).length;
    expect(bright).toBeGreaterThanOrEqual(4);
    expect(bright).toBeLessThanOrEqual(9);
    expect(row.reduce((a, b) => a + b, 0) / 255).toBeCloseTo(1, 0);
  });

  it("occlusion covers the stated share of the picture, or of a region", () => {
    const grey: PixelImage = { width: 100, height: 80, rgb: new Uint8Array(24_000).fill(128) };
    const black = (image: PixelImage): number[] =>
      channel(image, 0).flatMap((level, i) => (level === 0 ? [i] : []));
    for (const severity of [0.25, 0.5, 1])
      expect(black(apply("occlusion", grey, severity)).length / 8000).toBeCloseTo(severity, 1.5);
    const region = { left: 70, top: 50, width: 40, height: 20 };
    const covered = black(apply("occlusion", grey, 1, { region }));
    expect(covered).toHaveLength(30 * 20); // what of the region lies in the picture
    expect(covered.every((i) => i % 100 >= 70 && Math.floor(i / 100) >= 50 && i < 7000)).toBe(true);
    expect(codeOf(() => apply("occlusion", grey, 1, { region: { ...region, left: 100 } }))).toBe(
      "config.invalid",
    );
  });

  it("colour-off makes grey of the same luma, swapped-channels exchanges two of three", () => {
    const colours: PixelImage = { width: 1, height: 1, rgb: Uint8Array.of(200, 100, 0) };
    expect(Array.from(apply("colour-off", colours, 1).rgb)).toEqual([119, 119, 119]);
    const swaps = Array.from({ length: 20 }, (_, i) =>
      Array.from(apply("swapped-channels", colours, 1, { key: randomKey(i, "swap") }).rgb).join(),
    );
    expect([...new Set(swaps)].sort()).toEqual(["0,100,200", "100,200,0", "200,0,100"]);
    expect(Array.from(apply("inverted-colours", colours, 1).rgb)).toEqual([55, 155, 255]);
    expect(Array.from(apply("inverted-colours", colours, 0.5).rgb)).toEqual([55, 100, 0]);
  });

  it("colour-cast moves red and blue apart by the stated stops", () => {
    const grey: PixelImage = { width: 1, height: 1, rgb: Uint8Array.of(137, 137, 137) };
    const casts = Array.from({ length: 9 }, (_, i) =>
      Array.from(apply("colour-cast", grey, 1 / 3, { key: randomKey(i, "cast") }).rgb).join(),
    );
    expect([...new Set(casts)].sort()).toEqual(["188,137,99", "99,137,188"]);
  });
});
