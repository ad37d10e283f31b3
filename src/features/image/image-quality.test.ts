import { readdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { isAbsent, realData } from "../../../test/real-data.js";
import { decodeImage } from "../decode/image.js";
import type { ImageMedia } from "../media.js";
import { imageQuality } from "./image-quality.js";

function image(width: number, height: number, value: (x: number, y: number) => number): ImageMedia {
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++)
    rgb.fill(value(i % width, Math.floor(i / width)), 3 * i, 3 * i + 3);
  return { width, height, rgb };
}

const codes = (media: ImageMedia): string[] => imageQuality(media).problems.map(({ code }) => code);

/** Uniform number in [0, 1) that depends only on the position. */
function hashed(i: number): number {
  let x = Math.imul(i + 1, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 15), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

const squares = image(128, 128, (x, y) => (((x >> 4) + (y >> 4)) % 2 ? 190 : 60));

describe("imageQuality", () => {
  it("finds no problem in sharp squares", () => {
    expect(imageQuality(squares)).toMatchObject({
      score: 1,
      problems: [],
      measures: { width: 128, height: 128, brightness: 125, contrast: 65 },
    });
  });

  it("names black, white, grey and small images", () => {
    expect(codes(image(100, 100, () => 0))).toEqual(expect.arrayContaining(["image.dark", "image.flat"]));
    expect(imageQuality(image(100, 100, () => 0)).score).toBe(0);
    expect(codes(image(100, 100, () => 255))).toEqual(expect.arrayContaining(["image.bright", "image.flat"]));
    expect(codes(image(100, 100, () => 128))).toEqual(["image.flat"]);
    expect(codes(image(16, 16, (x) => (x % 2) * 200))).toContain("image.small");
    expect(codes(image(1, 1, () => 128))).toContain("image.small");
  });

  it("measures the standard deviation of noise that was added", () => {
    const noisy = image(
      256,
      256,
      (x, y) => 128 + (hashed(2 * (y * 256 + x)) + hashed(2 * (y * 256 + x) + 1) - 1) * 20 * Math.sqrt(6),
    );
    expect(imageQuality(noisy).measures["noise"]).toBeGreaterThan(18);
    expect(imageQuality(noisy).measures["noise"]).toBeLessThan(21);
    expect(codes(noisy)).toContain("image.noisy");
  });

  it("counts specks", () => {
    const specks = image(128, 128, (x, y) =>
      hashed(y * 128 + x) < 0.05 ? 255 * (x % 2) : (squares.rgb[(y * 128 + x) * 3] ?? 0),
    );
    expect(imageQuality(specks).measures["impulses"]).toBeGreaterThan(0.035);
    expect(imageQuality(specks).problems[0]?.message).toMatch(/specks/);
  });
});

const kinds: Record<
  string,
  {
    readonly code: string;
    readonly least: number;
    readonly spoil: (media: ImageMedia) => ImageMedia | Promise<ImageMedia>;
  }
> = {
  "blur of 2 pixels": { code: "image.blurred", least: 0.9, spoil: (media) => blurred(media, 2) },
  "blur of 3 pixels": { code: "image.blurred", least: 0.98, spoil: (media) => blurred(media, 3) },
  "noise of deviation 15": {
    code: "image.noisy",
    least: 0.9,
    spoil: (media) =>
      changed(media, (v, i) => v + (hashed(3 * i) + hashed(3 * i + 1) + hashed(3 * i + 2) - 1.5) * 30),
  },
  "2% of specks": {
    code: "image.noisy",
    least: 0.9,
    spoil: (media) =>
      changed(media, (v, i) => (hashed(Math.floor(i / 3)) < 0.02 ? (Math.floor(i / 3) % 2) * 255 : v)),
  },
  "a twentieth of the light": {
    code: "image.dark",
    least: 0.98,
    spoil: (media) => changed(media, (v) => v / 20),
  },
};

function changed(media: ImageMedia, change: (value: number, index: number) => number): ImageMedia {
  return { ...media, rgb: media.rgb.map((value, i) => Math.min(255, Math.max(0, change(value, i)))) };
}

async function blurred(media: ImageMedia, sigma: number): Promise<ImageMedia> {
  const { width, height } = media;
  return {
    ...media,
    rgb: new Uint8Array(
      await sharp(media.rgb, { raw: { width, height, channels: 3 } })
        .blur(sigma)
        .raw()
        .toBuffer(),
    ),
  };
}

describe.skipIf(isAbsent("mvsa/images"))("on 40 photos of tweets", () => {
  it("finds their corruption and rarely doubts unchanged ones", async () => {
    const names = readdirSync(realData("mvsa/images"))
      .sort()
      .filter((_, i) => i % 65 === 0);
    const photos = await Promise.all(names.map((name) => decodeImage(join(realData("mvsa/images"), name))));
    const falseAlarms = photos.filter((photo) =>
      codes(photo).some((code) => ["image.blurred", "image.noisy"].includes(code)),
    ).length;
    expect(falseAlarms / photos.length).toBeLessThan(0.07);
    for (const [name, { code, least, spoil }] of Object.entries(kinds)) {
      const spoilt = await Promise.all(photos.map(async (photo) => codes(await spoil(photo))));
      expect(spoilt.filter((found) => found.includes(code)).length / photos.length, name).toBeGreaterThan(
        least,
      );
    }
  });
});
