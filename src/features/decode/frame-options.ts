import { ConfigError } from "../../core/errors.js";

export interface FrameOptions {
  /** Frames per second, in (0, 240]. Default 5. */
  readonly fps?: number | undefined;
  /** Longest side of a frame in pixels, in [16, 8192]. Larger frames are shrunk. Default 640. */
  readonly maxSide?: number | undefined;
}

/** @throws ConfigError "config.invalid" */
export function checkedFrameOptions({ fps = 5, maxSide = 640 }: FrameOptions): {
  fps: number;
  maxSide: number;
} {
  if (!(fps > 0 && fps <= 240))
    throw new ConfigError("config.invalid", `frames per second must be in (0, 240], got ${fps}`);
  if (!(Number.isInteger(maxSide) && maxSide >= 16 && maxSide <= 8192))
    throw new ConfigError(
      "config.invalid",
      `the longest side of a frame must be a whole number in [16, 8192], got ${maxSide}`,
    );
  return { fps, maxSide };
}
