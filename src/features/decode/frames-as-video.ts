import type { VideoFrame, VideoMedia } from "../media.js";

/**
 * Frames that are there already, as a video: for those that were recorded, or that came from another thread.
 */
export async function* framesAsVideo(frames: Iterable<VideoFrame>): VideoMedia {
  for (const frame of frames) yield await Promise.resolve(frame);
}
