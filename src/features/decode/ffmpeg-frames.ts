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
 * Frames of the clip's default video stream (the first, where none is marked) at a constant rate: frame i is what is shown nearest to i / fps
 * seconds of the clip, whatever the rate (or lack of one) of the stream; upright, with square pixels, in sRGB
 * bytes. One frame is held at a time. The program that decodes waits for the reader, and is killed when the
 * reader stops. No video stream, or one without frames: no frames.
 * @throws MediaError as `probeMedia`, "media.too-large" over `limits`, "media.damaged" if nothing of a
 * damaged stream can be read
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
    // A header may say less than what follows.
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
      hint: "Make the video smaller, for example: ffmpeg -i IN -vf scale=1920:-2 OUT.mp4 (the library's decoders take a higher limits.maxPixels).",
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
    // "pass": the last frame counts even if it is shown for less than half an interval.
    `fps=fps=${fps}:start_time=0:eof_action=pass`,
    `scale=w='max(1,round(iw*sar*${scale}))':h='max(1,round(ih*${scale}))':flags=area+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact`,
    "format=rgb24",
  ];
  // The pixmaps of image2pipe carry their size.
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
