import { extname } from "node:path";
import { renamed, unknownExtension } from "./write-media.js";

/** Format of a clip, and codecs for its new streams. */
export interface ClipContainer {
  readonly format: string;
  readonly video: readonly string[];
  readonly audio: readonly string[];
  /** True if the codec needs even sizes for pictures with halved colour resolution. */
  readonly evenSizes: boolean;
}

/** Nearly lossless, because the compression must not be a further corruption. */
const H264 = ["-c:v", "libx264", "-crf", "12", "-preset", "veryfast"];
const AAC = ["-c:a", "aac", "-b:a", "192k"];
const PCM = ["-c:a", "pcm_s16le"];

const containers: Readonly<Record<string, ClipContainer>> = {
  ".mp4": { format: "mp4", video: H264, audio: AAC, evenSizes: true },
  ".m4v": { format: "mp4", video: H264, audio: AAC, evenSizes: true },
  ".mov": { format: "mov", video: H264, audio: AAC, evenSizes: true },
  ".mkv": { format: "matroska", video: H264, audio: PCM, evenSizes: true },
  ".avi": { format: "avi", video: ["-c:v", "mpeg4", "-q:v", "2"], audio: PCM, evenSizes: false },
  ".webm": {
    format: "webm",
    video: ["-c:v", "libvpx", "-crf", "8", "-b:v", "6M", "-deadline", "good", "-cpu-used", "4"],
    audio: ["-c:a", "libopus", "-b:a", "128k"],
    evenSizes: false,
  },
};

/**
 * Returns the container of a clip by the extension of its name.
 * @throws ConfigError "config.invalid" for another extension
 */
export function clipContainer(path: string): ClipContainer {
  const found = containers[extname(path).toLowerCase()];
  if (found !== undefined) return found;
  throw unknownExtension(path, "a clip", Object.keys(containers));
}

/** Name of the written clip: its own if its extension can be written, otherwise with the extension .mkv. */
export function clipName(name: string): string {
  return renamed(name, Object.keys(containers), ".mkv");
}
