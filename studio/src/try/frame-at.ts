import type { VideoFrame } from "euar/browser";

/**
 * Returns the frame that is shown at a place of a clip.
 * @param share place as a share of the whole, in [0, 1]
 * @returns undefined for a clip without frames
 */
export function frameAt(frames: readonly VideoFrame[], share: number): VideoFrame | undefined {
  return frames[Math.min(frames.length - 1, Math.floor(share * frames.length))];
}
