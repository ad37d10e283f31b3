import type { MediumKind } from "../adapter.js";
import { mediumOf } from "../registry.js";
import type { MediaFile } from "./media-file.js";

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
