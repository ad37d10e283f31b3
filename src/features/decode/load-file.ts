import type { MediaByKind, MediumKind } from "../adapter.js";
import { mediumOf } from "../registry.js";
import type { DecodeSettings } from "./decode-settings.js";
import { MediaFile } from "./media-file.js";
import { nodeFile } from "./node-file.js";

/**
 * Decodes a file in Node.
 * @returns undefined if the file has no such stream, or the medium does not come in files
 * @throws MediaError
 */
export async function loadFile<Kind extends MediumKind>(
  kind: Kind,
  file: MediaFile | string,
  settings: DecodeSettings,
  signal?: AbortSignal,
): Promise<MediaByKind[Kind] | undefined> {
  const opened = typeof file === "string" ? new MediaFile(file) : file;
  return mediumOf(kind).decode?.(nodeFile(opened), settings, signal);
}

/**
 * Checks that the header of a clip states no more than the longest duration, before any other work on it. A
 * clip whose header states no duration passes, and is refused during decoding if it is too long. Images are
 * checked during decoding.
 * @throws MediaError "media.too-large", and as `probeMedia`
 */
export async function checkLength(kind: MediumKind, file: MediaFile, signal?: AbortSignal): Promise<void> {
  const { stream } = mediumOf(kind);
  if (stream === undefined) return;
  const { checkSeconds, defaultMediaLimits } = await import("./ffmpeg-input.js");
  const probe = await file.probe(signal);
  checkSeconds(file.path, stream(probe)?.seconds ?? probe.seconds, defaultMediaLimits);
}
