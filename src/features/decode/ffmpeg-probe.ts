import { z } from "zod";
import { MediaError } from "../../core/errors.js";
import { readHead } from "../../data/formats/file-source.js";
import { CLIP, misplacedMedium } from "../misplaced-medium.js";
import {
  checkInputFile,
  complaint,
  inputArguments,
  toolsOnPath,
  type DecodeOptions,
} from "./ffmpeg-input.js";
import type { AudioStreamInfo, MediaProbe, VideoStreamInfo } from "./media-probe.js";
import { readTool, type ToolEnd } from "./tool-process.js";

const numeric = z.union([z.string(), z.number()]).optional();
const streamSchema = z.object({
  index: z.number(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  sample_rate: numeric,
  channels: z.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  avg_frame_rate: z.string().optional(),
  duration: numeric,
  disposition: z.object({ attached_pic: z.number().optional(), default: z.number().optional() }).optional(),
  tags: z.object({ rotate: numeric }).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
});
const probeSchema = z.object({
  streams: z.array(streamSchema).default([]),
  format: z.object({ format_name: z.string(), duration: numeric }),
});
type Stream = z.infer<typeof streamSchema>;

const shownEntries = [
  "format=format_name,duration",
  "stream=index,codec_type,codec_name,sample_rate,channels,width,height,avg_frame_rate,duration",
  "stream_disposition=attached_pic,default",
  "stream_tags=rotate",
  "stream_side_data=rotation",
].join(":");

const maxProbeBytes = 4_000_000;

/**
 * Returns the streams of a clip. Reads the content, not the file name.
 * @throws MediaError "media.not-found", "media.missing-tool"
 * @throws MediaError "media.unsupported" for a file without sound or video
 * @throws MediaError "media.damaged" for a clip that cannot be opened
 */
export async function probeMedia(path: string, options: DecodeOptions = {}): Promise<MediaProbe> {
  await checkInputFile(path);
  let end: ToolEnd = { exitCode: 0, messages: [] };
  const args = [...inputArguments(path), "-of", "json", "-show_entries", shownEntries];
  const chunks: Buffer[] = [];
  let bytes = 0;
  const output = readTool((options.tools ?? toolsOnPath).ffprobe, args, {
    signal: options.signal,
    onEnd: (value) => (end = value),
  });
  for await (const chunk of output) {
    bytes += chunk.length;
    if (bytes > maxProbeBytes)
      throw new MediaError(
        "media.unsupported",
        `the description of the streams of ${path} is too long (more than ${maxProbeBytes} bytes)`,
      );
    chunks.push(chunk);
  }
  if (end.exitCode !== 0) throw cannotOpen(path, end);
  return describe(path, Buffer.concat(chunks).toString("utf8"));
}

function describe(path: string, json: string): MediaProbe {
  const parsed = probeSchema.safeParse(jsonOf(json));
  if (!parsed.success)
    throw new MediaError("media.damaged", `${path}: the output of ffprobe cannot be read`, {
      cause: parsed.error,
    });
  const { streams, format } = parsed.data;
  const audio = defaultOf(streams.filter(isReadableAudio));
  const video = defaultOf(streams.filter(isReadableVideo));
  const subtitles = defaultOf(streams.filter(isReadableSubtitle));
  return {
    format: format.format_name,
    seconds: positive(format.duration),
    audio: audio === undefined ? undefined : audioInfo(audio),
    video: video === undefined ? undefined : videoInfo(video),
    subtitles:
      subtitles === undefined
        ? undefined
        : { index: subtitles.index, codec: subtitles.codec_name ?? "unknown" },
  };
}

/** Chooses the stream that players choose: the one marked as default, else the first. */
function defaultOf(streams: readonly Stream[]): Stream | undefined {
  return streams.find(({ disposition }) => disposition?.default === 1) ?? streams[0];
}

function isReadableAudio(stream: Stream): boolean {
  return (
    stream.codec_type === "audio" &&
    positive(stream.sample_rate) !== undefined &&
    positive(stream.channels) !== undefined
  );
}

function isReadableVideo(stream: Stream): boolean {
  return (
    stream.codec_type === "video" &&
    stream.disposition?.attached_pic !== 1 &&
    positive(stream.width) !== undefined &&
    positive(stream.height) !== undefined
  );
}

/** Codecs of subtitles that are text. Subtitles of discs are pictures. */
const TEXT_SUBTITLES = new Set(["subrip", "srt", "webvtt", "ass", "ssa", "mov_text", "text"]);

function isReadableSubtitle(stream: Stream): boolean {
  return stream.codec_type === "subtitle" && TEXT_SUBTITLES.has(stream.codec_name ?? "");
}

function audioInfo(stream: Stream): AudioStreamInfo {
  return {
    index: stream.index,
    codec: stream.codec_name ?? "unknown",
    sampleRate: positive(stream.sample_rate) ?? 0,
    channels: stream.channels ?? 0,
    seconds: positive(stream.duration),
  };
}

function videoInfo(stream: Stream): VideoStreamInfo {
  const rotation = clockwiseRotation(stream);
  const [width, height] = [stream.width ?? 0, stream.height ?? 0];
  const turned = rotation % 180 !== 0;
  return {
    index: stream.index,
    codec: stream.codec_name ?? "unknown",
    width: turned ? height : width,
    height: turned ? width : height,
    rotation,
    fps: ratio(stream.avg_frame_rate),
    seconds: positive(stream.duration),
  };
}

/** Clockwise rotation in degrees. The display matrix counts counterclockwise, the older tag clockwise. */
function clockwiseRotation(stream: Stream): number {
  const matrix = stream.side_data_list?.find(({ rotation }) => rotation !== undefined)?.rotation;
  const degrees = matrix === undefined ? Number(stream.tags?.rotate ?? 0) : -matrix;
  if (!Number.isFinite(degrees)) return 0;
  return ((((Math.round(degrees / 90) * 90) % 360) + 360) % 360) + 0;
}

function ratio(text: string | undefined): number | undefined {
  const [numerator, denominator] = (text ?? "").split("/").map(Number);
  return positive((numerator ?? 0) / (denominator ?? 1));
}

function positive(value: string | number | undefined): number | undefined {
  const number = Number(value ?? NaN);
  return Number.isFinite(number) && number > 0 ? number : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * First boxes of ISO media files (ISO/IEC 14496-12). A file that starts with one but cannot be opened is a
 * damaged clip.
 */
const isoBoxes = new Set(["ftyp", "moov", "mdat", "free", "skip", "wide", "styp", "moof"]);

function cannotOpen(path: string, end: ToolEnd): MediaError {
  const said = end.messages.join(" ");
  const head = readHead(path);
  const misplaced = misplacedMedium(head, path, CLIP);
  if (misplaced !== undefined) return misplaced;
  const cutOff = /truncat|end of file|partial file|could not find codec parameters/iu.test(said);
  if (cutOff || isoBoxes.has(String.fromCharCode(...head.subarray(4, 8)))) {
    return new MediaError("media.damaged", `${path} cannot be opened: ${complaint(end)}`, {
      hint: "The file was cut off or never finished; copy or record it again.",
    });
  }
  return new MediaError("media.unsupported", `${path} is not a sound or video file that can be read`, {
    hint: "Convert it to mp4, webm, mkv, wav, flac, ogg or mp3. Playlists and streams are not followed.",
    cause: complaint(end),
  });
}
