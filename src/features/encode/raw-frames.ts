import { resized } from "../../corruption/picture/low-resolution.js";
import type { VideoMedia } from "../media.js";

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Yields the pixels of a video at a constant rate and size. A frame is repeated until the next one is due. A
 * frame of another size is stretched.
 * @param countAtEnd returns the total number of frames; called after the last frame was read
 */
export async function* rawFrames(
  video: VideoMedia,
  { width, height }: FrameSize,
  fps: number,
  countAtEnd: () => number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let shown: Uint8Array | undefined;
  let count = 0;
  for await (const { time, image } of video) {
    const due = Math.round(time * fps);
    for (; shown !== undefined && count < due; count++) yield shown;
    shown = resized(image, width, height).rgb;
  }
  for (const end = Math.max(countAtEnd(), 1); shown !== undefined && count < end; count++) yield shown;
}
