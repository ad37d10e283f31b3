import { defined } from "../../core/defined.js";
import { readFile } from "node:fs/promises";
import { causeText } from "../../core/cause-text.js";
import { MediaError } from "../../core/errors.js";
import type { ImageMedia } from "../media.js";
import { optionalPackage } from "../missing-package.js";
import { checkFile } from "./check-file.js";
import { imageFormat } from "./image-format.js";
import { type ImageLimits, resolveLimits, tooLarge } from "./image-limits.js";

/** Largest file. A larger one has more pixels than allowed, or is not an image. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;
const MAX_SECONDS = 60;

/**
 * Decodes an image in Node with sharp: JPEG, PNG, WebP, TIFF, AVIF, and the first frame of GIF and animated
 * WebP. The content decides, not the name.
 *
 * Applies the EXIF orientation, puts alpha over white, converts any colour space and depth to sRGB bytes, and
 * shrinks an image larger than `limits.maxSide` while it is read.
 * @param source a path, or the bytes of the file
 * @param name for messages. Default: the path
 * @throws MediaError "media.not-found", "media.unsupported" (SVG too), "media.damaged", "media.too-large",
 * "media.missing-package"
 */
export async function decodeImage(
  source: string | Uint8Array,
  limits: ImageLimits = {},
  name = typeof source === "string" ? source : "the image",
): Promise<ImageMedia> {
  const { maxPixels, maxSide } = resolveLimits(limits);
  const bytes = typeof source === "string" ? await readImageFile(source) : source;
  imageFormat(bytes, name);
  const { default: sharp } = await optionalPackage("sharp", "reading images", () => import("sharp"));
  try {
    const { data, info } = await sharp(bytes, {
      failOn: "error",
      limitInputPixels: maxPixels,
      sequentialRead: true,
    })
      .autoOrient()
      .resize({ width: maxSide, height: maxSide, fit: "inside", withoutEnlargement: true })
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb")
      .timeout({ seconds: MAX_SECONDS })
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, rgb: threeChannels(data, info.channels) };
  } catch (cause) {
    throw explained(cause, name, maxPixels);
  }
}

async function readImageFile(path: string): Promise<Uint8Array> {
  const size = await checkFile(path, "an image");
  if (size > MAX_FILE_BYTES) {
    throw new MediaError(
      "media.too-large",
      `${path} has ${size} bytes, more than the ${MAX_FILE_BYTES} that an image may have`,
      { hint: "Shrink it, or save it as JPEG." },
    );
  }
  try {
    return await readFile(path);
  } catch (cause) {
    throw new MediaError("media.not-found", `${path} cannot be read`, {
      hint: "Check the path and its permissions.",
      cause,
    });
  }
}

/** Returns three channels. Grey becomes three equal ones. */
function threeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return new Uint8Array(data);
  const rgb = new Uint8Array((data.length / channels) * 3);
  for (let i = 0; i < rgb.length; i++) rgb[i] = defined(data[Math.floor(i / 3) * channels]);
  return rgb;
}

/** Converts an error of libvips to an error that the user can understand. */
function explained(cause: unknown, name: string, maxPixels: number): MediaError {
  const reason = causeText(cause).split("\n")[0] ?? "";
  if (/pixel limit/i.test(reason)) return tooLarge(name, maxPixels, cause);
  if (/timeout/i.test(reason))
    return new MediaError("media.too-large", `${name} takes more than ${MAX_SECONDS} s to decode`, {
      hint: "Shrink it, or save it again.",
      cause,
    });
  if (/compression format|not built|not supported/i.test(reason)) {
    return new MediaError(
      "media.unsupported",
      `${name} uses a variant of its format that cannot be read (${reason})`,
      {
        hint: "Save it as JPEG or PNG.",
        cause,
      },
    );
  }
  return new MediaError("media.damaged", `${name} is damaged or cut short (${reason})`, {
    hint: "Fetch it again, or save it again from the original.",
    cause,
  });
}
