import { MediaError } from "../../core/errors.js";
import type { VideoFrame, VideoMedia } from "../media.js";
import { BrowserClip, MARGIN } from "./browser-clip.js";
import { drawnPixels } from "./browser-pixels.js";
import { checkedFrameOptions, type FrameOptions } from "./frame-options.js";

/** Options of {@link decodeVideoInBrowser}. */
export interface BrowserVideoOptions extends FrameOptions {
  /** Longest clip in seconds; a longer one is an error. Default 600. */
  readonly maxSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Returns the frames of a clip at a constant rate, as `decodeFrames` does in Node, and its length in seconds.
 * Frames are upright, with square pixels, in sRGB bytes. Frame i is the last that begins before
 * (i + 1/2) / fps seconds. Holds one frame at a time.
 *
 * The browser decodes, converts colours and shrinks, so pixels may differ from FFmpeg's by a few levels.
 * @returns undefined for a file without picture
 * @throws MediaError "media.damaged", "media.unsupported", "media.too-large"
 * @throws ConfigError for options out of their range
 */
export async function decodeVideoInBrowser(
  source: Blob,
  options: BrowserVideoOptions = {},
  name = "the video",
): Promise<VideoMedia | undefined> {
  const { fps, maxSide } = checkedFrameOptions(options);
  const { maxSeconds = 600, signal } = options;
  const end = await endOfPicture(source, name, maxSeconds);
  if (end === undefined) return undefined;
  const frames = framesOf(source, name, end, fps, maxSide, signal);
  return { seconds: end, [Symbol.asyncIterator]: () => frames };
}

/** Returns the end of the picture in seconds; undefined without picture. */
async function endOfPicture(source: Blob, name: string, maxSeconds: number): Promise<number | undefined> {
  const clip = await BrowserClip.open(source, name);
  try {
    const duration = await clip.end();
    if (!clip.hasPicture) return undefined;
    if (duration > maxSeconds) {
      throw new MediaError(
        "media.too-large",
        `${name} lasts ${duration.toFixed(1)} s; the limit is ${maxSeconds} s`,
        { hint: "Raise the limit on seconds, or cut the clip into parts." },
      );
    }
    return await clip.endOfPicture();
  } finally {
    clip.close();
  }
}

async function* framesOf(
  source: Blob,
  name: string,
  end: number,
  fps: number,
  maxSide: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<VideoFrame, void, undefined> {
  const clip = await BrowserClip.open(source, name);
  const { element } = clip;
  try {
    for (let i = 0; i === 0 || i / fps < end; i++) {
      signal?.throwIfAborted();
      await clip.show(Math.max(0, Math.min((i + 0.5) / fps, end) - MARGIN));
      yield { time: i / fps, image: drawnPixels(element, element.videoWidth, element.videoHeight, maxSide) };
    }
  } finally {
    clip.close();
  }
}
