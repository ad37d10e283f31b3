import type { MediaByKind, MediumKind } from "../adapter.js";
import type { DecodeNote } from "./decode-note.js";

/** How a file is decoded. */
export interface DecodeSettings {
  /** Frames per second of video. */
  readonly fps: number;
  /** Called when only a part of the file could be read: of video after the last frame was taken. */
  readonly onNote?: ((note: DecodeNote) => void) | undefined;
}

/** Media that are files; text comes as it is. */
export type FileKind = Exclude<MediumKind, "text">;

const loaders: {
  readonly [Kind in FileKind]: (
    path: string,
    settings: DecodeSettings,
    signal: AbortSignal | undefined,
  ) => Promise<MediaByKind[Kind] | undefined>;
} = {
  audio: async (path, { onNote }, signal) =>
    (await import("./ffmpeg-audio.js")).decodeAudio(path, { onNote, signal }),
  video: async (path, { fps, onNote }, signal) => {
    const [{ probeMedia }, { decodeFrames }] = [
      await import("./ffmpeg-probe.js"),
      await import("./ffmpeg-frames.js"),
    ];
    const probe = await probeMedia(path, { signal });
    return probe.video && decodeFrames(path, { fps, probe, onNote, signal });
  },
  image: async (path) => (await import("./image.js")).decodeImage(path),
};

/**
 * That a clip is not longer than what is decoded, by its header: for a look before anything else is done with
 * it. A clip whose header is silent passes, and is refused while it is decoded. Images are looked at when
 * they are decoded.
 * @throws MediaError "media.too-large", and as `probeMedia`
 */
export async function checkLength(kind: FileKind, path: string, signal?: AbortSignal): Promise<void> {
  if (kind === "image") return;
  const [{ probeMedia }, { checkSeconds, defaultMediaLimits }] = [
    await import("./ffmpeg-probe.js"),
    await import("./ffmpeg-input.js"),
  ];
  const probe = await probeMedia(path, { signal });
  checkSeconds(path, probe[kind]?.seconds ?? probe.seconds, defaultMediaLimits);
}

/** Decodes a file in Node; undefined where it has no such stream. @throws MediaError */
export function loadFile<Kind extends FileKind>(
  kind: Kind,
  path: string,
  settings: DecodeSettings,
  signal?: AbortSignal,
): Promise<MediaByKind[Kind] | undefined> {
  return loaders[kind](path, settings, signal);
}
