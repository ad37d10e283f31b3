import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectRejection } from "../testing/expect-rejection.js";
import { decodeImage } from "./image.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "euar-image-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Left half red, right half blue. */
function halves(width = 20, height = 10): Sharp {
  const raw = Uint8Array.from({ length: width * height * 3 }, (_, i) =>
    (Math.floor(i / 3) % width < width / 2 ? 0 : 2) === i % 3 ? 250 : 5,
  );
  return sharp(raw, { raw: { width, height, channels: 3 } });
}

async function pixel(source: Uint8Array | string, x: number, y: number): Promise<number[]> {
  const { width, rgb } = await decodeImage(source);
  return [...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

function near(actual: readonly number[], expected: readonly number[], within = 12): void {
  for (const [i, value] of expected.entries())
    expect(Math.abs((actual[i] ?? NaN) - value)).toBeLessThanOrEqual(within);
}

describe("decodeImage", () => {
  it.each(["jpeg", "png", "webp", "gif", "tiff", "avif"] as const)("reads %s", async (format) => {
    const bytes = await halves().toFormat(format, { quality: 95 }).toBuffer();
    const { width, height, rgb } = await decodeImage(bytes);
    expect([width, height, rgb.length]).toEqual([20, 10, 600]);
    near(await pixel(bytes, 3, 5), [250, 5, 5], 30);
    near(await pixel(bytes, 16, 5), [5, 5, 250], 30);
  });

  it("goes by content, not by name", async () => {
    const path = join(folder, "photo.txt");
    await halves().png().toFile(`${path}.png`);
    writeFileSync(path, await halves().png().toBuffer());
    near(await pixel(path, 3, 5), [250, 5, 5]);
  });

  it("turns a photo upright", async () => {
    // to be shown turned right by 90 degrees
    const bytes = await halves().withMetadata({ orientation: 6 }).png().toBuffer();
    const { width, height } = await decodeImage(bytes);
    expect([width, height]).toEqual([10, 20]);
    near(await pixel(bytes, 5, 3), [250, 5, 5]);
  });

  it("puts white under transparent pixels", async () => {
    const clear = await sharp({
      create: { width: 2, height: 2, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    expect(await pixel(clear, 0, 0)).toEqual([255, 255, 255]);
  });

  it("reads grey, 16 bits, CMYK and single pixels as sRGB bytes", async () => {
    near(await pixel(await halves().greyscale().png().toBuffer(), 3, 5), [118, 118, 118], 20);
    near(await pixel(await halves().toColourspace("rgb16").png().toBuffer(), 3, 5), [250, 5, 5]);
    const cmyk = await halves().toColourspace("cmyk").jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe("cmyk");
    near(await pixel(cmyk, 3, 5), [250, 5, 5], 60);
    expect((await decodeImage(await halves(1, 1).png().toBuffer())).rgb).toHaveLength(3);
  });

  it("takes the first frame of an animation", async () => {
    const frames = Buffer.concat([Buffer.alloc(300, 250), Buffer.alloc(300, 5)]);
    const gif = await sharp(frames, { raw: { width: 10, height: 20, channels: 3, pageHeight: 10 } })
      .gif()
      .toBuffer();
    expect((await sharp(gif).metadata()).pages).toBe(2);
    const { width, height } = await decodeImage(gif);
    expect([width, height]).toEqual([10, 10]);
    near(await pixel(gif, 5, 5), [250, 250, 250]);
  });

  it("shrinks a large image and refuses one beyond the limit", async () => {
    const wide = await sharp({ create: { width: 20_000, height: 40, channels: 3, background: "#ff0000" } })
      .png()
      .toBuffer();
    const { width, height } = await decodeImage(wide);
    expect([width, height]).toEqual([1024, 2]);
    await expectRejection(
      decodeImage(wide, { maxPixels: 700_000 }),
      "media.too-large",
      /more than 700000 pixels/,
    );
    await expectRejection(decodeImage(wide, { maxSide: 0 }), "config.invalid");
  });

  it("refuses a small file that claims to be enormous", async () => {
    const bomb = await sharp({ create: { width: 10, height: 10, channels: 3, background: "#ff0000" } })
      .png()
      .toBuffer();
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    await expect(decodeImage(bomb)).rejects.toMatchObject({ name: "MediaError" });
  });

  it.each(["jpeg", "png", "webp", "gif", "tiff", "avif"] as const)(
    "says so when a %s is cut short",
    async (format) => {
      const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * i * 31) % 256));
      const bytes = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
        .toFormat(format)
        .toBuffer();
      await expectRejection(
        decodeImage(bytes.subarray(0, Math.floor(bytes.length / 2)), {}, "cut.img"),
        "media.damaged",
        /cut\.img is damaged or cut short/,
      );
    },
  );

  it("refuses a file that is not an image of pixels before anything parses it", async () => {
    const text = new TextEncoder();
    await expectRejection(decodeImage(new Uint8Array(0)), "media.damaged", /zero bytes/);
    await expectRejection(decodeImage(text.encode("just a text")), "media.unsupported", /not an image/);
    const laughs =
      '\ufeff <?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><svg ' +
      'xmlns="http://www.w3.org/2000/svg" width="99999999" height="9"><image ' +
      'href="file:///etc/passwd"/><text>&b;</text></svg>';
    await expectRejection(decodeImage(text.encode(laughs)), "media.unsupported", /SVG/);
    await expectRejection(decodeImage(text.encode("%PDF-1.7")), "media.unsupported");
    await expectRejection(decodeImage(join(folder, "absent.jpg")), "media.not-found", /absent\.jpg/);
  });
});
