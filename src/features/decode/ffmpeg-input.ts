import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { MediaError } from "../../core/errors.js";
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

/** Something that was wrong with a clip of which the rest could be read. */
export interface DecodeNote {
  readonly code: "truncated" | "damaged";
  /** A clause without the file's name, e.g. "its video ends at 1.2 s of 10.0 s". */
  readonly message: string;
}

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
 * Containers that hold their own streams. Playlists and scripts (hls, dash, concat, image2 patterns, lavfi, ...) are left out on purpose: they name other files and
 * addresses, and would let a clip read what its sender could not.
 */
const selfContainedFormats = [
  ...["mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "mpegts", "mpeg", "mpegvideo", "flv", "asf", "ogg", "mxf", "dv", "ivf", "rm", "gif", "h264", "hevc", "obu", "m4v"],
  ...["wav", "w64", "aiff", "au", "caf", "mp3", "aac", "flac", "amr", "ac3", "eac3", "ape", "wv", "tta", "voc"],
];

const maxAllocationBytes = 1_000_000_000;

/** Arguments that name the input so that it is read as one local file, whatever its name and content. Same for ffmpeg and ffprobe. */
export function inputArguments(path: string): string[] {
  return [
    ...["-v", "error", "-max_alloc", String(maxAllocationBytes), "-protocol_whitelist", "file,pipe", "-format_whitelist", selfContainedFormats.join(",")],
    ...["-i", `file:${resolve(path)}`],
  ];
}

/** @throws MediaError "media.not-found", "media.unsupported" for a folder or device, "media.damaged" for an empty file */
export async function checkInputFile(path: string): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new MediaError("media.not-found", `there is no file ${path} that can be read`, { cause });
  });
  if (!found.isFile()) throw new MediaError("media.unsupported", `${path} is not a file, so it cannot be read as a clip`);
  if (found.size === 0) throw new MediaError("media.damaged", `${path} is empty (0 bytes)`, { hint: "Copy or record it again." });
}

/** The last thing that the program complained about, for messages. */
export function complaint(end: ToolEnd): string {
  return end.messages.at(-1) ?? `ffmpeg ended with code ${end.exitCode}`;
}

/** @throws MediaError "media.too-large" */
export function checkSeconds(path: string, seconds: number | undefined, limits: MediaLimits): void {
  if (seconds === undefined || seconds <= limits.maxSeconds) return;
  throw new MediaError("media.too-large", `${path} lasts ${seconds.toFixed(1)} s; the limit is ${limits.maxSeconds} s`, {
    hint: "Raise the limit on seconds if the memory allows it, or cut the clip into parts.",
  });
}

export function resolveLimits(limits: Partial<MediaLimits> | undefined): MediaLimits {
  return { maxSeconds: limits?.maxSeconds ?? defaultMediaLimits.maxSeconds, maxPixels: limits?.maxPixels ?? defaultMediaLimits.maxPixels };
}

/** Tells of what is missing at the end of a stream that promised `expectedSeconds`. */
export function noteShortStream(kind: "sound" | "video", gotSeconds: number, expectedSeconds: number | undefined, end: ToolEnd, onNote: DecodeOptions["onNote"]): void {
  const toleranceSeconds = 0.5;
  if (expectedSeconds !== undefined && gotSeconds < expectedSeconds - toleranceSeconds) {
    onNote?.({ code: "truncated", message: `its ${kind} ends at ${gotSeconds.toFixed(1)} s of ${expectedSeconds.toFixed(1)} s` });
  } else if (end.messages.length > 0) {
    onNote?.({ code: "damaged", message: `parts of its ${kind} could not be read: ${complaint(end)}` });
  }
}
