import type { MediaProbe } from "./media-probe.js";

/** File from which several streams may be read. It is probed only once. */
export class MediaFile {
  private probing: Promise<MediaProbe> | undefined;

  constructor(readonly path: string) {}

  /**
   * Returns the streams of the clip. Probes at the first call.
   * @throws MediaError as `probeMedia`, at every call
   */
  probe(signal?: AbortSignal): Promise<MediaProbe> {
    this.probing ??= probeFile(this.path, signal);
    return this.probing;
  }
}

/** Loads the modules that need Node only here. */
async function probeFile(path: string, signal: AbortSignal | undefined): Promise<MediaProbe> {
  const { checkInputFile } = await import("./ffmpeg-input.js");
  const { plainWave, probeOfWave } = await import("./plain-wave.js");
  await checkInputFile(path);
  const wave = await plainWave(path);
  if (wave !== undefined) return probeOfWave(wave);
  const { probeMedia } = await import("./ffmpeg-probe.js");
  return probeMedia(path, { signal });
}

/** Files of one sample by path. A clip with sound and picture is one file. */
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
