import type { VideoFrame, VideoMedia } from "../media.js";

/** Returns existing frames as a video, e.g. recorded ones or frames from another thread. */
export async function* framesAsVideo(frames: Iterable<VideoFrame>): VideoMedia {
  for (const frame of frames) yield await Promise.resolve(frame);
}
