import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { extname } from "node:path";
import { DataError, MediaError } from "../core/errors.js";
import { readTranscript } from "./align/transcript.js";
import { transcriptEndings } from "./align/transcript-endings.js";
import { checkInputFile } from "./decode/ffmpeg-input.js";
import { decodeSubtitles } from "./decode/ffmpeg-subtitles.js";
import { imageFormat } from "./decode/image-format.js";
import { MediaFile } from "./decode/media-file.js";
import { readBytes } from "./decode/read-bytes.js";
import type { TextMedia } from "./media.js";
import type { RawMedia } from "./raw-media.js";
import { modalityFor, type ReadableModality } from "./readable-modalities.js";
import { mediumOf } from "./registry.js";

/** Files of one sample on disk. */
export interface RawFiles {
  /** Clip (sound, video or both) or picture. Its content decides. */
  readonly clip?: string | undefined;
  /** Text itself. */
  readonly text?: string | undefined;
  /** Transcript (.srt, .vtt or .json). Default: the one next to the clip with the same name. */
  readonly transcript?: string | undefined;
  readonly audio?: string | undefined;
  readonly video?: string | undefined;
  readonly image?: string | undefined;
  /** Files by name of modality. For a modality of text: the text itself. */
  readonly media?: Readonly<Record<string, string>> | undefined;
}

/**
 * Selects the media that a model with these modalities can read, by name of modality or kind of medium.
 * Streams that the clip does not have, and those that the model does not read, are missing.
 * @throws MediaError for a clip or transcript that cannot be opened, or a lone clip without a stream that the
 * model reads
 * @throws DataError "data.unknown-modality" if the model reads no clips, or has several modalities for one
 * stream of the clip
 */
export async function rawMediaOf(
  files: RawFiles,
  modalities: readonly ReadableModality[],
  signal?: AbortSignal,
): Promise<RawMedia> {
  const { clip, audio, video, image, media = {} } = files;
  const file = clip === undefined ? undefined : new MediaFile(clip);
  const fromClip = file === undefined ? {} : await streamsOf(file, modalities, signal);
  const text = await textOfFiles(files, file, modalities, signal);
  const isAlone =
    Object.keys(media).length === 0 && [text, audio, video, image].every((given) => given === undefined);
  if (file !== undefined && isAlone && Object.keys(fromClip).length === 0) {
    throw new MediaError(
      "media.unsupported",
      `${file.path} has neither sound nor video that the model reads`,
      {
        hint: `Give a clip with at least one of the modalities of the training data: ${namesOf(modalities)}.`,
      },
    );
  }
  const explicit = {
    ...(audio !== undefined && { audio }),
    ...(video !== undefined && { video }),
    ...(image !== undefined && { image }),
    ...media,
  };
  const named = Object.keys(explicit).map((key) => modalityFor(key, modalities));
  return {
    ...Object.fromEntries(Object.entries(fromClip).filter(([name]) => !named.includes(name))),
    ...(text && { text }),
    ...explicit,
  };
}

async function streamsOf(
  file: MediaFile,
  modalities: readonly ReadableModality[],
  signal: AbortSignal | undefined,
): Promise<Record<string, MediaFile>> {
  await checkInputFile(file.path);
  const pictures = modalities.filter(({ kind }) => kind === "image");
  const streams = modalities.filter(({ kind }) => mediumOf(kind).stream !== undefined);
  if (pictures.length > 0 && (await isImage(file.path))) return sharedBy(pictures, file);
  if (streams.length === 0) {
    const known = pictures.length > 0 ? `${file.path} is not a picture, and the model` : "the model";
    throw new DataError(
      "data.unknown-modality",
      `prediction: ${known} reads no clips; it was trained on ${namesOf(modalities)}`,
      { hint: pictures.length > 0 ? "Give a picture." : "Use a model that was trained on audio or vision." },
    );
  }
  const probe = await file.probe(signal);
  const readable = streams.filter(({ kind }) => mediumOf(kind).stream?.(probe) !== undefined);
  return sharedBy(readable, file);
}

/**
 * Assigns one file to its modalities.
 * @throws DataError "data.unknown-modality" if two of them read the same part of the same kind of medium
 */
function sharedBy(modalities: readonly ReadableModality[], file: MediaFile): Record<string, MediaFile> {
  const isSame = (one: ReadableModality, other: ReadableModality): boolean =>
    one.kind === other.kind && one.part === other.part;
  const twice = modalities.find((one, i) => modalities.findIndex((other) => isSame(one, other)) < i);
  if (twice === undefined) return Object.fromEntries(modalities.map(({ name }) => [name, file]));
  const names = modalities.filter(({ kind }) => kind === twice.kind).map(({ name }) => name);
  throw new DataError(
    "data.unknown-modality",
    `prediction: the ${twice.kind} of ${file.path} could be any of ${names.join(", ")}`,
    { hint: `Name each file: --media ${names.map((name) => `${name}=FILE`).join(",")}.` },
  );
}

function namesOf(modalities: readonly ReadableModality[]): string {
  return modalities.map(({ name }) => name).join(", ");
}

/** Number of bytes of the longest signature. */
const SIGNATURE_BYTES = 256;

async function isImage(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(SIGNATURE_BYTES), 0, SIGNATURE_BYTES, 0);
    imageFormat(buffer.subarray(0, bytesRead), path);
    return true;
  } catch (error) {
    if (error instanceof MediaError && error.code === "media.unsupported") return false;
    throw error;
  } finally {
    await file.close();
  }
}

async function textOfFiles(
  { clip, text, transcript }: RawFiles,
  file: MediaFile | undefined,
  modalities: readonly ReadableModality[],
  signal: AbortSignal | undefined,
): Promise<TextMedia | undefined> {
  const readsText = modalities.some(({ kind }) => kind === "text");
  const path = transcript ?? (clip === undefined || !readsText ? undefined : transcriptBeside(clip));
  if (path !== undefined) {
    const media = readTranscript(await readBytes(path), path);
    return text === undefined ? media : { ...media, text };
  }
  if (file !== undefined && text === undefined && readsText && !(await isImage(file.path)))
    return decodeSubtitles(file.path, { probe: await file.probe(signal), signal });
  return text === undefined ? undefined : { text };
}

function transcriptBeside(clip: string): string | undefined {
  const stem = clip.slice(0, clip.length - extname(clip).length);
  return transcriptEndings.map((ending) => stem + ending).find((path) => existsSync(path));
}
