import { defined } from "../../core/defined.js";
import type { ImageMedia } from "../media.js";
import type { Preprocessing } from "./preprocessing.js";
import { resampleImage } from "../../signal/resample-image.js";

/** Position of the channels among the extents of a network's input. */
export type Layout = "nchw" | "nhwc";

/**
 * Converts an image to the input of a network.
 * @returns [3, side, side] or [side, side, 3]
 */
export function networkInput(image: ImageMedia, preprocessing: Preprocessing, layout: Layout): Float32Array {
  const { side, shorter, filter, mean, std, channels } = preprocessing;
  const { values } =
    shorter === null
      ? resampleImage(image, side, side, { left: 0, top: 0, width: side, height: side }, filter)
      : middle(image, shorter, side, filter);
  const result = new Float32Array(values.length);
  const area = side * side;
  for (let c = 0; c < 3; c++) {
    const source = channels === "rgb" ? c : 2 - c;
    const [from, by] = [defined(mean[source]), defined(std[source])];
    for (let i = 0; i < area; i++)
      result[layout === "nchw" ? c * area + i : i * 3 + c] =
        (defined(values[i * 3 + source]) / 255 - from) / by;
  }
  return result;
}

/**
 * Returns the middle square of an image after resizing its shorter side. Rounds sizes and offsets as
 * torchvision does.
 */
function middle(
  image: ImageMedia,
  shorter: number,
  side: number,
  filter: Preprocessing["filter"],
): ReturnType<typeof resampleImage> {
  const tall = image.height > image.width;
  const longer = Math.floor(
    (shorter * Math.max(image.width, image.height)) / Math.min(image.width, image.height),
  );
  const [width, height] = tall ? [shorter, longer] : [longer, shorter];
  const offset = (whole: number): number => roundHalfToEven((whole - side) / 2);
  return resampleImage(
    image,
    width,
    height,
    { left: offset(width), top: offset(height), width: side, height: side },
    filter,
  );
}

/** Rounds like Python's `round`. */
function roundHalfToEven(x: number): number {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
