import { resolve } from "node:path";
import { MediaError } from "../../core/errors.js";
import { checkFile } from "./check-file.js";
import type { DecodeNote } from "./decode-note.js";
import type { MediaProbe } from "./media-probe.js";
import type { ToolEnd } from "./tool-process.js";

/** Where the programs are; names are looked up on the path. */
export interface FfmpegTools {
  readonly ffmpeg: string;
  readonly ffprobe: string;
}

export const toolsOnPath: FfmpegTools = { ffmpeg: "ffmpeg", ffprobe: "ffprobe" };

/** What a clip may ask for, at most. */
export interface MediaLimits {
  /** Seconds of sound or video that are decoded; a longer clip is an error. */
  readonly maxSeconds: number;
  /** Pixels of one frame as it is stored, before it is made smaller. */
  readonly maxPixels: number;
}

export const defaultMediaLimits: MediaLimits = { maxSeconds: 600, maxPixels: 50_000_000 };

export interface DecodeOptions {
  readonly limits?: Partial<MediaLimits> | undefined;
  readonly tools?: FfmpegTools | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What `probeMedia` said of this file, if it has been asked already. */
  readonly probe?: MediaProbe | undefined;
  /** Called when only a part of the clip could be read. */
  readonly onNote?: ((note: DecodeNote) => void) | undefined;
}

/**
 * Containers that hold their own streams. Playlists and scripts (hls, dash, concat, image2 patterns, lavfi,
 * ...) are left out on purpose: they name other files and addresses, and would let a clip read what its
 * sender could not.
 */
const selfContainedFormats = [
  ...[
    "mov",
    "mp4",
    "m4a",
    "3gp",
    "3g2",
    "mj2",
    "matroska",
    "webm",
    "avi",
    "mpegts",
    "mpeg",
    "mpegvideo",
    "flv",
    "asf",
    "ogg",
    "mxf",
    "dv",
    "ivf",
    "rm",
    "gif",
    "h264",
    "hevc",
    "obu",
    "m4v",
  ],
  ...[
    "wav",
    "w64",
    "aiff",
    "au",
    "caf",
    "mp3",
    "aac",
    "flac",
    "amr",
    "ac3",
    "eac3",
    "ape",
    "wv",
    "tta",
    "voc",
  ],
];

const maxAllocationBytes = 1_000_000_000;

/**
 * Arguments that name the input so that it is read as one local file, whatever its name and content. Same for
 * ffmpeg and ffprobe.
 */
export function inputArguments(path: string): string[] {
  return [
    ...[
      "-v",
      "error",
      "-max_alloc",
      String(maxAllocationBytes),
      "-protocol_whitelist",
      "file,pipe",
      "-format_whitelist",
      selfContainedFormats.join(","),
    ],
    ...["-i", `file:${resolve(path)}`],
  ];
}

/**
 * @throws MediaError "media.not-found", "media.unsupported" for a folder or device, "media.damaged" for an
 * empty file
 */
export async function checkInputFile(path: string): Promise<void> {
  if ((await checkFile(path, "a clip")) === 0)
    throw new MediaError("media.damaged", `${path} is empty (0 bytes)`, { hint: "Copy or record it again." });
}

/** The last thing that the program complained about, for messages. */
export function complaint(end: ToolEnd): string {
  return end.messages.at(-1) ?? `ffmpeg ended with code ${end.exitCode}`;
}

/** The error of a stream that is there and gave nothing. */
export function nothingReadable(kind: "sound" | "video", path: string, end: ToolEnd): MediaError {
  return new MediaError("media.damaged", `nothing of the ${kind} of ${path} can be read: ${complaint(end)}`, {
    hint: "It is empty or damaged: copy, record or convert it again.",
  });
}

/** @throws MediaError "media.too-large" */
export function checkSeconds(path: string, seconds: number | undefined, limits: MediaLimits): void {
  if (seconds === undefined || seconds <= limits.maxSeconds) return;
  throw new MediaError(
    "media.too-large",
    `${path} lasts ${seconds.toFixed(1)} s; the limit is ${limits.maxSeconds} s`,
    {
      hint: "Cut the clip into parts, for example: ffmpeg -i IN -c copy -f segment -segment_time 300 PART%03d.mkv (the library's decoders take a higher limits.maxSeconds).",
    },
  );
}

export function resolveLimits(limits: Partial<MediaLimits> | undefined): MediaLimits {
  return {
    maxSeconds: limits?.maxSeconds ?? defaultMediaLimits.maxSeconds,
    maxPixels: limits?.maxPixels ?? defaultMediaLimits.maxPixels,
  };
}

/**
 * Tells of what is missing or broken in a stream that the program complained about. One that only ends before
 * its header says is complete: the length may be a guess from the rate of bytes, that of a longer stream, or
 * count for how long the last frame is shown.
 * @param got seconds that could be read, and how far they may be off because of the rate at which it was read
 * @param expectedSeconds as the header says
 */
export function noteDamage(
  kind: "sound" | "video",
  got: { readonly seconds: number; readonly step: number },
  expectedSeconds: number | undefined,
  end: ToolEnd,
  onNote: DecodeOptions["onNote"],
): void {
  if (end.messages.length === 0) return;
  const toleranceSeconds = 0.5 + got.step;
  if (expectedSeconds !== undefined && got.seconds < expectedSeconds - toleranceSeconds) {
    onNote?.({
      code: "truncated",
      share: 1 - got.seconds / expectedSeconds,
      message: `its ${kind} ends at ${got.seconds.toFixed(1)} s of ${expectedSeconds.toFixed(1)} s`,
    });
  } else {
    onNote?.({
      code: "damaged",
      share: 0,
      message: `parts of its ${kind} could not be read (${complaint(end)})`,
    });
  }
}
