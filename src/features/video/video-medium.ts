import { isRecord } from "../../core/is-record.js";
import { videoDamages } from "../../corruption/video/video-damages.js";
import { faceMeshAdapter } from "../face/face-adapter.js";
import { faceProblems } from "../face/face-problems.js";
import type { VideoMedia } from "../media.js";
import type { Medium } from "../medium.js";

declare module "../adapter.js" {
  interface MediaByKind {
    readonly video: VideoMedia;
  }
}

export const videoMedium = {
  kind: "video",
  modality: "vision",
  adapters: [faceMeshAdapter],
  problems: faceProblems,
  /** Returns true for an async iterable of frames. */
  isMedia: (value): value is VideoMedia => isRecord(value) && Symbol.asyncIterator in value,
  /** Opens the frames of a file. */
  decode: (file, settings, signal) => file.frames(settings, signal),
  /** Returns the picture stream of a probed file. */
  stream: ({ video }) => video,
  hasFrames: true,
  damages: videoDamages,
  /** Returns the length of a video in seconds, if it is known. */
  secondsOf: ({ seconds }) => seconds,
  tools: ["ffmpeg", "ffprobe"],
} as const satisfies Medium<"video">;
