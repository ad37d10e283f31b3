import { randomKey, uniformAt } from "../../../core/random.js";
import type { PixelImage } from "../../../signal/pixels.js";
import { WHOLE } from "../../media-damage.js";
import type { PictureContext } from "../picture-damage.js";
import { pictureDamages } from "../picture-damages.js";

export type PictureKind = keyof typeof pictureDamages;

/** Applies a kind to a picture, with a key of its own. */
export function apply(
  kind: PictureKind,
  image: PixelImage,
  severity: number,
  context: Partial<PictureContext> = {},
): PixelImage {
  return pictureDamages[kind].apply(image, severity, { key: randomKey(1, kind), span: WHOLE, ...context });
}

/** Coloured shapes with edges, slopes and some grain. */
export function scene(width: number, height: number, seed = 1): PixelImage {
  const key = randomKey(seed, "test/scene");
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / width, y / height];
      const inside = (u - 0.45) ** 2 + (v - 0.5) ** 2 < 0.09;
      const stripe = (Math.floor(9 * (u + v + 0.1 * seed)) & 1) * 50;
      const colour = inside ? [220, 170 - 60 * v, 120] : [40 + 60 * u, 80 + stripe, 150 - stripe * v];
      colour.forEach((level, c) => {
        rgb[(y * width + x) * 3 + c] = level + 8 * uniformAt(key, (y * width + x) * 3 + c);
      });
    }
  }
  return { width, height, rgb };
}

/** One channel of a picture. */
export function channel({ rgb }: PixelImage, c: number): number[] {
  return Array.from(rgb.filter((_, i) => i % 3 === c));
}

/** Root mean square of the differences of two pictures. */
export function distance(a: PixelImage, b: PixelImage): number {
  const sum = a.rgb.reduce((total, level, i) => total + (level - (b.rgb[i] ?? NaN)) ** 2, 0);
  return Math.sqrt(sum / a.rgb.length);
}
