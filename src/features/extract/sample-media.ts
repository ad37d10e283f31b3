import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { MediaError } from "../../core/errors.js";
import type { MediaByKind, MediumKind } from "../adapter.js";
import { readTranscript } from "../align/transcript.js";
import type { TextMedia, VideoMedia } from "../media.js";
import type { Sample } from "./sample.js";

export interface DecodeSettings {
  /** Frames per second of video. */
  readonly fps: number;
}

/** What a sample says. */
export interface SampleText {
  /** The table's text, with word times of its transcript; the transcript's text where the table has none. Undefined without either. */
  readonly text: TextMedia | undefined;
  /** Why its transcript was not used. */
  readonly failure?: MediaError;
}

export async function textOf({ text, transcript }: Sample): Promise<SampleText> {
  const plain = text === undefined ? undefined : { text };
  if (transcript === undefined) return { text: plain };
  try {
    const media = readTranscript(await readMedium(transcript), transcript);
    return { text: { ...media, ...plain } };
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    return { text: plain, failure: error };
  }
}

async function readMedium(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new MediaError("media.not-found", `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

export function hashText(text: TextMedia): string {
  return createHash("sha256").update(JSON.stringify([text.text, text.words ?? null])).digest("hex");
}

/** sha-256 of a file, read in pieces. @throws MediaError "media.not-found" */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw new MediaError("media.not-found", missing ? `${path} does not exist` : `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  return hash.digest("hex");
}

/** How the decoding of a kind of medium is written into cache keys. */
export function decodingOf(kind: MediumKind, { fps }: DecodeSettings): string {
  return kind === "video" ? `fps ${fps}` : "";
}

type FileKind = Exclude<MediumKind, "text">;

const loaders: { readonly [Kind in FileKind]: (path: string, settings: DecodeSettings, signal: AbortSignal | undefined) => Promise<MediaByKind[Kind] | undefined> } = {
  audio: async (path, _settings, signal) => (await import("../decode/ffmpeg-audio.js")).decodeAudio(path, { signal }),
  video: async (path, { fps }, signal): Promise<VideoMedia> => (await import("../decode/ffmpeg-frames.js")).decodeFrames(path, { fps, signal }),
  image: async (path) => (await import("../decode/image.js")).decodeImage(path),
};

/** Decodes a file; undefined where it has no such stream. @throws MediaError */
export function loadFile<Kind extends FileKind>(kind: Kind, path: string, settings: DecodeSettings, signal?: AbortSignal): Promise<MediaByKind[Kind] | undefined> {
  return loaders[kind](path, settings, signal);
}
