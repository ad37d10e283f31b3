import { ConfigError, MediaError } from "../../core/errors.js";

/** Limits of a decoded image. */
export interface ImageLimits {
  /** Largest number of pixels; a larger image is refused. Default 100 million: 10,000 x 10,000. */
  readonly maxPixels?: number;
  /**
   * Longest side in pixels; a larger image is shrunk while it is read. Default 1024: no encoder here reads
   * more.
   */
  readonly maxSide?: number;
}

/** @throws ConfigError "config.invalid" */
export function resolveLimits({
  maxPixels = 100_000_000,
  maxSide = 1024,
}: ImageLimits): Required<ImageLimits> {
  for (const [name, value] of Object.entries({ maxPixels, maxSide })) {
    if (!Number.isInteger(value) || value < 1)
      throw new ConfigError(
        "config.invalid",
        `${name} must be a whole number of pixels above 0, not ${value}`,
      );
  }
  return { maxPixels, maxSide };
}

export function tooLarge(name: string, maxPixels: number, cause?: unknown): MediaError {
  return new MediaError("media.too-large", `${name} has more than ${maxPixels} pixels`, {
    hint: "Shrink it, or raise maxPixels: decoding may need memory in proportion.",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Returns the size that fits `maxSide` and keeps the aspect ratio; at least one pixel each way. */
export function fitted(width: number, height: number, maxSide: number): { width: number; height: number } {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
