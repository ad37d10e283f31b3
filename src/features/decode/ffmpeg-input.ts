import { resolve } from "node:path";
import { MediaError } from "../../core/errors.js";
import { checkFile } from "./check-file.js";
import type { DecodeNote } from "./decode-note.js";
import type { MediaProbe } from "./media-probe.js";
import type { ToolEnd } from "./tool-process.js";

/** Paths of the programs. A name is looked up on the path. */
export interface FfmpegTools {
  readonly ffmpeg: string;
  readonly ffprobe: string;
}

export const toolsOnPath: FfmpegTools = { ffmpeg: "ffmpeg", ffprobe: "ffprobe" };

/** Limits on clips. */
export interface MediaLimits {
  /** Longest sound or video in seconds; a longer clip is an error. */
  readonly maxSeconds: number;
  /** Largest number of pixels of a stored frame, before it is shrunk. */
  readonly maxPixels: number;
}

export const defaultMediaLimits: MediaLimits = { maxSeconds: 600, maxPixels: 50_000_000 };

export interface DecodeOptions {
  readonly limits?: Partial<MediaLimits> | undefined;
  readonly tools?: FfmpegTools | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Result of `probeMedia` for this file, if it is known. */
  readonly probe?: MediaProbe | undefined;
  /** Called if only a part of the clip could be read. */
  readonly onNote?: ((note: DecodeNote) => void) | undefined;
}

/**
 * Containers that hold their own streams. Playlists and scripts (hls, dash, concat, image2 patterns, lavfi,
 * ...) are excluded on purpose. They name other files and addresses, so a clip could read what its sender
 * could not.
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

/** Arguments of ffmpeg and ffprobe that read the input as one local file, whatever its name and content. */
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

/** Returns the last error line of the program, for messages. */
export function complaint(end: ToolEnd): string {
  return end.messages.at(-1) ?? `ffmpeg ended with code ${end.exitCode}`;
}

/** Returns the error for a stream that exists but has no readable data. */
export function nothingReadable(kind: "sound" | "video", path: string, end: ToolEnd): MediaError {
  return new MediaError("media.damaged", `the ${kind} of ${path} cannot be read: ${complaint(end)}`, {
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
      hint:
        "Cut the clip into parts, for example: ffmpeg -i IN -c copy -f segment -segment_time 300 " +
        "PART%03d.mkv (the library's decoders take a higher limits.maxSeconds).",
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
 * Notes missing or broken parts of a stream for which the program printed errors.
 *
 * A stream that is merely shorter than its header states is complete. The stated length may be an estimate
 * from the bit rate, that of a longer stream, or include the last frame's duration.
 * @param got seconds that were read, and the length of one step (a frame or sample)
 * @param expectedSeconds duration in the header
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
