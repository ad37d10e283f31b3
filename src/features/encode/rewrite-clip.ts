import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { threadId } from "node:worker_threads";
import { EuarError, MediaError } from "../../core/errors.js";
import { writeScratchFile, writing } from "../../data/files/write-file.js";
import { decodeAudio } from "../decode/ffmpeg-audio.js";
import { decodeFrames } from "../decode/ffmpeg-frames.js";
import { complaint, type DecodeOptions, inputArguments, toolsOnPath } from "../decode/ffmpeg-input.js";
import { probeMedia } from "../decode/ffmpeg-probe.js";
import type { MediaProbe } from "../decode/media-probe.js";
import type { AudioMedia, VideoMedia } from "../media.js";
import { clipContainer, type ClipContainer } from "./clip-container.js";
import { feedTool } from "./feed-tool.js";
import { type FrameSize, rawFrames } from "./raw-frames.js";
import { encodeWav } from "./wav.js";

/** Changes of the streams of a clip. A stream without a change is copied. */
export interface ClipChanges {
  readonly video?: (frames: VideoMedia) => VideoMedia;
  readonly audio?: (sound: AudioMedia) => AudioMedia;
}

/** Frames per second if the header states none. */
const USUAL_FPS = 25;
const LARGEST_SIDE = 8192;
/** Highest sampling rate that all codecs here support. */
const HIGHEST_RATE = 48_000;

/**
 * Writes a copy of a clip with changed frames, changed sound, or both. The copy has the frame rate, the size
 * and the length of the clip. Changed sound is mono. A missing frame repeats the previous one. The file
 * appears under its name when it is complete.
 * @param target name with the extension .mp4, .m4v, .mov, .mkv, .avi or .webm; copied streams must fit this
 * container
 * @throws ConfigError "config.invalid" for another extension
 * @throws MediaError as `probeMedia`, `decodeAudio` and `decodeFrames`
 * @throws MediaError "media.unsupported" for a change of a stream that the clip does not have
 * @throws EuarError "io.write"
 */
export async function rewriteClip(
  source: string,
  target: string,
  changes: ClipChanges,
  options: DecodeOptions = {},
): Promise<void> {
  const container = clipContainer(target);
  const probe = options.probe ?? (await probeMedia(source, options));
  for (const kind of ["video", "audio"] as const)
    if (changes[kind] !== undefined && probe[kind] === undefined)
      throw new MediaError("media.unsupported", `${source} has no ${kind} to change`, {
        hint: `Do not corrupt ${kind} for this clip.`,
      });
  const scratch = mkdtempSync(join(tmpdir(), "euar-clip-"));
  const unfinished = `${resolve(target)}.${process.pid}-${threadId}.part`;
  try {
    const sound = await changedSound(source, changes, { ...options, probe });
    const wav = sound && { path: join(scratch, "sound.wav"), bytes: encodeWav(sound) };
    if (wav !== undefined) writeScratchFile(wav.path, wav.bytes);
    const frames = await changedFrames(source, changes, { ...options, probe });
    const args = [
      ...clipArguments(source, probe, container, { wav: wav?.path, frames }),
      `file:${unfinished}`,
    ];
    const { ffmpeg } = options.tools ?? toolsOnPath;
    const end = await feedTool(ffmpeg, args, frames?.chunks ?? nothing(), options.signal);
    if (end.exitCode !== 0)
      throw new EuarError("io.write", `${target} cannot be written: ${complaint(end)}`, {
        hint: "Check the space on the disk, and that FFmpeg has the codecs for this extension.",
      });
    writing(target, () => {
      renameSync(unfinished, target);
    });
  } finally {
    rmSync(unfinished, { force: true });
    rmSync(scratch, { recursive: true, force: true });
  }
}

type Probed = DecodeOptions & { readonly probe: MediaProbe };

async function changedSound(
  source: string,
  { audio }: ClipChanges,
  options: Probed,
): Promise<AudioMedia | undefined> {
  if (audio === undefined || options.probe.audio === undefined) return undefined;
  const sampleRate = Math.min(HIGHEST_RATE, Math.round(options.probe.audio.sampleRate));
  const sound = await decodeAudio(source, { ...options, sampleRate });
  return sound && audio(sound);
}

interface NewFrames extends FrameSize {
  readonly fps: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

async function changedFrames(
  source: string,
  { video }: ClipChanges,
  options: Probed,
): Promise<NewFrames | undefined> {
  const { probe } = options;
  if (video === undefined || probe.video === undefined) return undefined;
  const fps = Math.min(240, probe.video.fps ?? USUAL_FPS);
  const frames = decodeFrames(source, { ...options, fps, maxSide: LARGEST_SIDE });
  const first = await frames.next();
  if (first.done === true)
    throw new MediaError("media.damaged", `${source} has no frames`, { hint: "Leave the clip out." });
  const { width, height } = first.value.image;
  let count = 0;
  const all = async function* (): VideoMedia {
    count += 1;
    yield first.value;
    for await (const frame of frames) {
      count += 1;
      yield frame;
    }
  };
  const seconds = probe.video.seconds ?? probe.seconds;
  const changed = video(Object.assign(all(), { seconds }));
  const expected = Math.round((seconds ?? NaN) * fps);
  // The decoder may show the last frame once more, because it counts even if it is shown for a moment.
  const countAtEnd = (): number => (count === expected + 1 ? expected : count);
  return { width, height, fps, chunks: rawFrames(changed, { width, height }, fps, countAtEnd) };
}

async function* nothing(): AsyncGenerator<Uint8Array, void, undefined> {
  // the pictures of this clip are copied
}

interface NewStreams {
  readonly wav: string | undefined;
  readonly frames: (FrameSize & { readonly fps: number }) | undefined;
}

function clipArguments(
  source: string,
  probe: MediaProbe,
  { format, video, audio, evenSizes }: ClipContainer,
  { wav, frames }: NewStreams,
): string[] {
  const args = ["-nostdin", "-y", ...inputArguments(source)];
  let inputs = 1;
  const maps: string[] = [];
  if (frames !== undefined) {
    const { width, height, fps } = frames;
    args.push("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", `${width}x${height}`, "-framerate", String(fps));
    args.push("-i", "pipe:0");
    maps.push("-map", `${inputs++}:v`, ...video, ...colourArguments(width, height, evenSizes));
  } else if (probe.video !== undefined) maps.push("-map", `0:${probe.video.index}`, "-c:v", "copy");
  if (wav !== undefined) {
    args.push("-i", `file:${wav}`);
    maps.push("-map", `${inputs++}:a`, ...audio);
  } else if (probe.audio !== undefined) maps.push("-map", `0:${probe.audio.index}`, "-c:a", "copy");
  if (probe.subtitles !== undefined) maps.push("-map", `0:${probe.subtitles.index}`, "-c:s", "copy");
  return [...args, ...maps, "-f", format];
}

/** Colour space of high-definition video, stated in the file. */
function colourArguments(width: number, height: number, evenSizes: boolean): string[] {
  const isOdd = width % 2 === 1 || height % 2 === 1;
  const flags = "flags=bitexact+accurate_rnd+full_chroma_int+full_chroma_inp";
  return [
    ...["-vf", `scale=out_color_matrix=bt709:out_range=tv:${flags}`],
    ...["-pix_fmt", isOdd && evenSizes ? "yuv444p" : "yuv420p"],
    ...["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"],
  ];
}
