import { isRecord } from "../../core/is-record.js";
import { videoDamages } from "../../corruption/video/video-damages.js";
import { browserDecoders } from "../decode/browser-decoders.js";
import { mediumNames } from "../../data/medium-names.js";
import { faceMeshAdapter } from "../face/face-adapter.js";
import { faceProblems } from "../face/face-problems.js";
import type { VideoMedia } from "../media.js";
import type { Medium } from "../medium.js";

export const videoMedium = {
  kind: "video",
  names: mediumNames.video,
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
    browser: browserDecoders.video,
  },
  /** Returns the picture stream of a probed file. */
  stream: ({ video }) => video,
  hasFrames: true,
  damages: videoDamages,
  /** Returns the length of a video in seconds, if it is known. */
  secondsOf: ({ seconds }) => seconds,
  tools: ["ffmpeg", "ffprobe"],
} as const satisfies Medium<"video">;
