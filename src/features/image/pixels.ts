import { defined } from "../../core/defined.js";
import { z } from "zod";
import { defineAdapter } from "../adapter.js";
import type { AdapterIdentity, ExtractedFeatures, FeatureExtractor } from "../feature-extractor.js";
import type { ImageMedia } from "../media.js";
import { checkImage } from "./check-image.js";
import { imageQuality } from "./image-quality.js";
import { luma } from "../../signal/pixels.js";
import { resampleImage } from "../../signal/resample-image.js";

const options = z.strictObject({
  side: z
    .int()
    .min(1)
    .max(128)
    .default(32)
    .describe("side in pixels of the square to which the image is resized"),
  colour: z.enum(["rgb", "grey"]).default("rgb"),
});

type Options = z.infer<typeof options>;

/** Adapter that returns the shrunk pixels themselves: for small pictures, and as a baseline for encoders. */
export const pixelsAdapter = defineAdapter({
  id: "image/pixels",
  kind: "image",
  summary: "the pixels themselves, resized to a small square and scaled to -1 to 1; no encoder",
  packages: ["sharp"],
  options,
  create: (chosen) => Promise.resolve(new PixelsExtractor(chosen)),
});

class PixelsExtractor implements FeatureExtractor<ImageMedia> {
  readonly identity: AdapterIdentity;

  constructor(private readonly chosen: Options) {
    const width = chosen.side * chosen.side * (chosen.colour === "rgb" ? 3 : 1);
    this.identity = { adapter: pixelsAdapter.id, version: 1, packages: {}, options: { ...chosen }, width };
  }

  extract(media: ImageMedia, signal?: AbortSignal): Promise<ExtractedFeatures> {
    signal?.throwIfAborted();
    checkImage(media);
    return Promise.resolve({
      steps: 1,
      width: this.identity.width,
      sequence: scaledPixels(media, this.chosen),
      times: new Float64Array(2),
      mask: Uint8Array.of(1),
      quality: imageQuality(media),
    });
  }

  close(): void {
    // holds nothing
  }
}

/**
 * Returns the pixels of the whole image stretched to a square, v / 127.5 - 1.
 * @returns [side, side, channels]: three channels, or one of luma
 */
export function scaledPixels(media: ImageMedia, { side, colour }: Options): Float32Array {
  const whole = { left: 0, top: 0, width: side, height: side };
  const { values } = resampleImage(media, side, side, whole, "bilinear"); // [side, side, 3]
  if (colour === "rgb") return values.map((value) => value / 127.5 - 1);
  return Float32Array.from(
    { length: side * side },
    (_, i) =>
      luma(defined(values[3 * i]), defined(values[3 * i + 1]), defined(values[3 * i + 2])) / 127.5 - 1,
  );
}
