import { MediaError } from "../../core/errors.js";
import type { ImageMedia } from "../media.js";

/** @throws MediaError "media.damaged" if the number of bytes does not match the size */
export function checkImage({ width, height, rgb }: ImageMedia): void {
  const whole = Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1;
  if (whole && rgb.length === width * height * 3) return;
  throw new MediaError(
    "media.damaged",
    `an image of ${width} x ${height} pixels must have ${width * height * 3} bytes [height, width, 3], ` +
      `but has ${rgb.length}`,
    {
      hint: "Give pixels without alpha, as decodeImage does.",
    },
  );
}
