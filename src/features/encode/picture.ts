import type { ImageMedia } from "../media.js";
import { optionalPackage } from "../missing-package.js";

export type PictureFormat = "png" | "jpeg";

/** High quality, because the compression must not be a further corruption. */
const JPEG_QUALITY = 95;

/**
 * Returns the bytes of a picture as PNG (without loss), or as JPEG of quality 95 with colours in full
 * resolution.
 * @throws MediaError "media.missing-package"
 */
export async function encodePicture(
  { width, height, rgb }: ImageMedia,
  format: PictureFormat,
): Promise<Uint8Array> {
  const { default: sharp } = await optionalPackage("sharp", "writing pictures", () => import("sharp"));
  const picture = sharp(rgb, { raw: { width, height, channels: 3 } });
  return format === "png"
    ? picture.png().toBuffer()
    : picture.jpeg({ quality: JPEG_QUALITY, chromaSubsampling: "4:4:4" }).toBuffer();
}
