import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { causeText } from "../../core/cause-text.js";
import { MediaError } from "../../core/errors.js";
import type { MediumKind } from "../adapter.js";
import { readTranscript } from "../align/transcript.js";
import type { DecodeSettings } from "../decode/load-file.js";
import { checkFile } from "../decode/check-file.js";
import { readBytes } from "../decode/read-bytes.js";
import { decodeSubtitles } from "../decode/ffmpeg-subtitles.js";
import type { TextMedia } from "../media.js";
import { imageNoiseKey, noisyText } from "./media-noise.js";
import type { Sample } from "./sample.js";

/** What a sample says. */
export interface SampleText {
  /**
   * The table's text, with word times of its transcript; the transcript's text where the table has none.
   * Undefined without either.
   */
  readonly text: TextMedia | undefined;
  /** Why its transcript was not used. */
  readonly failure?: MediaError;
}

/** Returns the table's text with the sample's noise. Undefined if the table has none. */
export function tableText({ id, text, noise }: Sample): string | undefined {
  return text === undefined ? undefined : noisyText(text, noise, id);
}

/**
 * Reads what a sample says: the table's text, its transcript, or the subtitles of its clip.
 * @param isWanted true if the text is extracted: only then a clip without text and transcript is searched for
 * subtitles
 */
export async function textOf(sample: Sample, isWanted: boolean): Promise<SampleText> {
  const { id, transcript, noise } = sample;
  const text = tableText(sample);
  const plain = text === undefined ? undefined : { text };
  const clip = sample.files.audio ?? sample.files.vision;
  if (transcript === undefined && (plain !== undefined || clip === undefined || !isWanted))
    return { text: plain };
  try {
    if (transcript === undefined) {
      const found = clip === undefined ? undefined : await decodeSubtitles(clip);
      return { text: found && { ...found, text: noisyText(found.text, noise, id) } };
    }
    const media = readTranscript(await readBytes(transcript), transcript);
    return { text: { ...media, text: noisyText(media.text, noise, id), ...plain } };
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    return { text: plain, failure: error };
  }
}

export function hashText(text: TextMedia): string {
  return createHash("sha256")
    .update(JSON.stringify([text.text, text.words ?? null]))
    .digest("hex");
}

/** Reading more than this takes longer than looking into the file first. */
const LONG_READ_BYTES = 64 * 1024 * 1024;

/**
 * sha-256 of a file, read in pieces; of a large one after `check` let it pass. @throws MediaError
 * "media.not-found", "media.unsupported" for a folder, pipe or device
 */
export async function hashFile(path: string, check?: () => Promise<void>): Promise<string> {
  const size = await checkFile(path, "a medium");
  if (size > LONG_READ_BYTES) await check?.();
  const hash = createHash("sha256");
  try {
    for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  } catch (cause) {
    throw new MediaError("media.not-found", `${path} cannot be read: ${causeText(cause)}`, {
      hint: "Check its permissions.",
      cause,
    });
  }
  return hash.digest("hex");
}

/** Writes what decides how a sample's medium is decoded, for cache keys. */
export function decodingOf(kind: MediumKind, { fps }: DecodeSettings, { id, noise }: Sample): string {
  if (kind === "image") return imageNoiseKey(noise, id);
  return kind === "video" ? `fps ${fps}` : "";
}
