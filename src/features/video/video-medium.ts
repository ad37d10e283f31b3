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
  decoders: {
    /** Decodes the frames of a file by FFmpeg. */
    node: async (file, { fps, onNote }, signal): Promise<VideoMedia | undefined> => {
      const { decodeFrames } = await import("../decode/ffmpeg-frames.js");
      const probe = await file.probe(signal);
      if (probe.video === undefined) return undefined;
      const frames = decodeFrames(file.path, { fps, probe, onNote, signal });
      const seconds = probe.video.seconds ?? probe.seconds;
      return { seconds, [Symbol.asyncIterator]: () => frames[Symbol.asyncIterator]() };
    },
    /** Decodes the frames of a Blob by a video element. */
    browser: async (blob, { fps }, signal) =>
      (await import("../decode/browser-video.js")).decodeVideoInBrowser(blob, { fps, signal }),
  },
  /** Returns the picture stream of a probed file. */
  stream: ({ video }) => video,
  hasFrames: true,
  damages: videoDamages,
  /** Returns the length of a video in seconds, if it is known. */
  secondsOf: ({ seconds }) => seconds,
  tools: ["ffmpeg", "ffprobe"],
} as const satisfies Medium<"video">;
