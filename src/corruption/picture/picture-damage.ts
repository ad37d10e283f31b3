import { ConfigError, MediaError } from "../../core/errors.js";
import { foldIn, type RandomKey } from "../../core/random.js";
import type { PixelImage } from "../../signal/pixels.js";
import { checkedDamage } from "../checked-damage.js";
import type { DamageContext, DamageDescription, MediaDamage } from "../media-damage.js";

/** Part of a picture, in pixels. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface PictureContext extends DamageContext<PixelImage> {
  /** Part that `occlusion` covers, for example a face. Default: the whole picture. */
  readonly region?: Region;
  /**
   * Number of the frame, if the picture is part of a video. Noise differs from frame to frame, places do not.
   * Default 0.
   */
  readonly frame?: number;
}

/** Kind of corruption of pictures. It can also corrupt the frames of videos. */
export interface PictureDamage extends MediaDamage<PixelImage> {
  readonly apply: (image: PixelImage, severity: number, context: PictureContext) => PixelImage;
}

/** Inputs of a kind of corruption, other than the picture. */
export interface PicturePlace {
  /** Key of the draws that all frames of a video share: places, directions and colours. */
  readonly key: RandomKey;
  /** Key of the draws that differ from frame to frame. */
  readonly frameKey: RandomKey;
  readonly region: Region;
  readonly other: PixelImage | undefined;
}

interface Kind extends DamageDescription {
  /** Returns the changed pixels, [height, width, 3]. Does not change the given ones. */
  readonly corrupt: (image: PixelImage, amount: number, place: PicturePlace) => Uint8Array;
}

/** Makes a kind of corruption of pictures. Ignores the span, because a picture has no duration. */
export function pictureDamage({ corrupt, ...description }: Kind): PictureDamage {
  return checkedDamage<PixelImage, PictureContext>(description, {
    check: checkPixels,
    change: (image, { key, region, frame = 0, other }, severity) => {
      const place = { key, frameKey: foldIn(key, frame), region: within(image, region), other };
      return { ...image, rgb: corrupt(image, description.amountAt(severity), place) };
    },
  });
}

/** Side in pixels of the square that encoders read. Amounts in pixels are given for pictures of this size. */
export const SHOWN_SIDE = 224;

/**
 * Returns the factor on amounts in pixels, which are given for a shorter side of {@link SHOWN_SIDE} pixels.
 */
export function pixelScale({ width, height }: PixelImage): number {
  return Math.min(width, height) / SHOWN_SIDE;
}

/** @throws MediaError "media.damaged" if the number of pixels does not fit the size */
export function checkPixels({ width, height, rgb }: PixelImage): void {
  const isSize = (side: number): boolean => Number.isInteger(side) && side >= 1;
  if (isSize(width) && isSize(height) && rgb.length === width * height * 3) return;
  throw new MediaError(
    "media.damaged",
    `a picture of ${width} x ${height} pixels was given with ${rgb.length} bytes, expected three per pixel`,
    { hint: "Give width and height of at least 1 and width * height * 3 bytes." },
  );
}

function within({ width, height }: PixelImage, region: Region | undefined): Region {
  if (region === undefined) return { left: 0, top: 0, width, height };
  const left = Math.max(0, Math.round(region.left));
  const top = Math.max(0, Math.round(region.top));
  const right = Math.min(width, Math.round(region.left + region.width));
  const bottom = Math.min(height, Math.round(region.top + region.height));
  if (right > left && bottom > top) return { left, top, width: right - left, height: bottom - top };
  throw new ConfigError(
    "config.invalid",
    `the region ${region.width} x ${region.height} at ${region.left}, ${region.top} ` +
      `is not in the picture of ${width} x ${height} pixels`,
    { hint: "Give a region in pixels that overlaps the picture." },
  );
}
