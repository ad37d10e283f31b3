import { MediaError } from "../../core/errors.js";
import type { VideoFrame } from "../media.js";
import {
  checkSeconds,
  inputArguments,
  noteDamage,
  nothingReadable,
  resolveLimits,
  toolsOnPath,
  type DecodeOptions,
  type MediaLimits,
} from "./ffmpeg-input.js";
import { probeMedia } from "./ffmpeg-probe.js";
import { checkedFrameOptions, type FrameOptions } from "./frame-options.js";
import type { VideoStreamInfo } from "./media-probe.js";
import { readPpmStream } from "./ppm-stream.js";
import { readTool, type ToolEnd } from "./tool-process.js";

export interface DecodeFramesOptions extends DecodeOptions, FrameOptions {}

/**
 * Yields the frames of a clip's default video stream (otherwise the first) at a constant rate: upright, with
 * square pixels, in sRGB bytes. Frame i is the one shown nearest to i / fps seconds, for any rate of the
 * stream.
 *
 * Holds one frame at a time. FFmpeg waits for the reader, and is killed when the reader stops. Yields no
 * frames without a video stream.
 * @throws MediaError as `probeMedia`
 * @throws MediaError "media.too-large" over `limits`
 * @throws MediaError "media.damaged" if nothing of a damaged stream can be read
 */
export async function* decodeFrames(
  path: string,
  options: DecodeFramesOptions = {},
): AsyncGenerator<VideoFrame, void, undefined> {
  const limits = resolveLimits(options.limits);
  const { fps, maxSide } = checkedFrameOptions(options);
  const probe = options.probe ?? (await probeMedia(path, options));
  if (probe.video === undefined) return;
  const expectedSeconds = probe.video.seconds ?? probe.seconds;
  checkSeconds(path, expectedSeconds, limits);
  checkPixels(path, probe.video, limits);

  let end: ToolEnd = { exitCode: 0, messages: [] };
  let count = 0;
  const output = readTool(
    (options.tools ?? toolsOnPath).ffmpeg,
    frameArguments(path, probe.video, { fps, maxSide }, limits),
    {
      signal: options.signal,
      onEnd: (value) => (end = value),
    },
  );
  for await (const image of readPpmStream(output, path)) {
    // A header may state a shorter duration than the real one.
    checkSeconds(path, count / fps, limits);
    yield { time: count / fps, image };
    count++;
  }
  if (count === 0 && (end.exitCode !== 0 || end.messages.length > 0))
    throw nothingReadable("video", path, end);
  noteDamage("video", { seconds: count / fps, step: 1 / fps }, expectedSeconds, end, options.onNote);
}

function checkPixels(path: string, { width, height }: VideoStreamInfo, limits: MediaLimits): void {
  if (width * height <= limits.maxPixels) return;
  throw new MediaError(
    "media.too-large",
    `${path} has frames of ${width} x ${height}; the limit is ${limits.maxPixels} pixels`,
    {
      hint:
        "Make the video smaller, for example: ffmpeg -i IN -vf scale=1920:-2 OUT.mp4 (the library's " +
        "decoders take a higher limits.maxPixels).",
    },
  );
}

function frameArguments(
  path: string,
  { index }: VideoStreamInfo,
  { fps, maxSide }: Required<FrameOptions>,
  limits: MediaLimits,
): string[] {
  const scale = `min(1,${maxSide}/max(iw*sar,ih))`;
  const filter = [
    // "pass": keep the last frame even if it is shown for less than half an interval.
    `fps=fps=${fps}:start_time=0:eof_action=pass`,
    `scale=w='max(1,round(iw*sar*${scale}))':h='max(1,round(ih*${scale}))':` +
      "flags=area+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact",
    "format=rgb24",
  ];
  // Each pixmap of image2pipe states its size.
  return [
    "-nostdin",
    "-max_pixels",
    String(limits.maxPixels),
    ...inputArguments(path),
    "-map",
    `0:${index}`,
    "-an",
    "-sn",
    "-dn",
    "-vf",
    filter.join(","),
    "-c:v",
    "ppm",
    "-f",
    "image2pipe",
    "pipe:1",
  ];
}
