import type { EncodedFile } from "./encoded-file.js";
import type { MediaFile } from "./media-file.js";

/** Opens a file in Node: FFmpeg decodes clips, sharp decodes pictures. */
export function nodeFile(file: MediaFile): EncodedFile {
  return {
    sound: async ({ onNote }, signal) => {
      const { decodeAudio } = await import("./ffmpeg-audio.js");
      return decodeAudio(file.path, { probe: await file.probe(signal), onNote, signal });
    },
    frames: async ({ fps, onNote }, signal) => {
      const { decodeFrames } = await import("./ffmpeg-frames.js");
      const probe = await file.probe(signal);
      if (probe.video === undefined) return undefined;
      const frames = decodeFrames(file.path, { fps, probe, onNote, signal });
      const seconds = probe.video.seconds ?? probe.seconds;
      return { seconds, [Symbol.asyncIterator]: () => frames[Symbol.asyncIterator]() };
    },
    picture: async () => (await import("./image.js")).decodeImage(file.path),
  };
}
