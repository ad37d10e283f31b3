import type { MediaByKind, MediumKind } from "../adapter.js";
import type { VideoMedia } from "../media.js";

/** How a file is decoded. */
export interface DecodeSettings {
  /** Frames per second of video. */
  readonly fps: number;
}

/** Media that are files; text comes as it is. */
export type FileKind = Exclude<MediumKind, "text">;

const loaders: { readonly [Kind in FileKind]: (path: string, settings: DecodeSettings, signal: AbortSignal | undefined) => Promise<MediaByKind[Kind] | undefined> } = {
  audio: async (path, _settings, signal) => (await import("./ffmpeg-audio.js")).decodeAudio(path, { signal }),
  video: async (path, { fps }, signal): Promise<VideoMedia> => (await import("./ffmpeg-frames.js")).decodeFrames(path, { fps, signal }),
  image: async (path) => (await import("./image.js")).decodeImage(path),
};

/** Decodes a file in Node; undefined where it has no such stream. @throws MediaError */
export function loadFile<Kind extends FileKind>(kind: Kind, path: string, settings: DecodeSettings, signal?: AbortSignal): Promise<MediaByKind[Kind] | undefined> {
  return loaders[kind](path, settings, signal);
}
