import type { MediaProbe } from "./media-probe.js";

/** A file of which several streams may be read. What is in it is looked up once. */
export class MediaFile {
  private probing: Promise<MediaProbe> | undefined;

  constructor(readonly path: string) {}

  /** What the clip holds, as `probeMedia` says. @throws MediaError as `probeMedia` does, at every call */
  probe(signal?: AbortSignal): Promise<MediaProbe> {
    this.probing ??= probeFile(this.path, signal);
    return this.probing;
  }
}

async function probeFile(path: string, signal: AbortSignal | undefined): Promise<MediaProbe> {
  const { probeMedia } = await import("./ffmpeg-probe.js"); // only here: it needs Node
  return probeMedia(path, { signal });
}

/** The files of one sample by their paths: a clip that gives sound and picture is one file. */
export class SampleFiles {
  private readonly files = new Map<string, MediaFile>();

  at(path: string): MediaFile {
    const known = this.files.get(path);
    if (known) return known;
    const file = new MediaFile(path);
    this.files.set(path, file);
    return file;
  }
}
