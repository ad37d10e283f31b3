import {
  decodeAudioInBrowser,
  decodeImageInBrowser,
  decodeVideoInBrowser,
  type VideoFrame,
} from "euar/browser";
import { type MediumKind, MediaError, type TextMedia } from "euar/features";
import { transcriptEndings } from "../../../src/features/align/transcript-endings.js";
import type { Medium } from "../score/protocol.js";

/** Longest clip or sound, in seconds. */
export const MOST_SECONDS = 60;
/** Largest text file, in bytes. */
const MOST_TEXT = 1_000_000;

/** Media of one file, by kind. */
export type MediaOfFile = Partial<Record<MediumKind, Medium>>;

/** Reads the bytes of a transcript; the file's name tells its format. */
export type TranscriptReader = (bytes: Uint8Array, name: string) => Promise<TextMedia>;

/** Options of reading a file. */
export interface ReadFileOptions {
  /** Kinds of media that the model reads; others are not decoded. */
  readonly kinds: ReadonlySet<MediumKind>;
  /** Frames per second of a clip. */
  readonly fps: number;
  readonly readTranscript: TranscriptReader;
}

/**
 * Decodes a file in the page: a picture, a sound, a clip, a transcript or a text.
 * @throws MediaError of the decoders; "media.unsupported" if the model reads no medium of the file
 */
export async function readFile(file: File, options: ReadFileOptions): Promise<MediaOfFile> {
  const found = await decode(file, options);
  if (Object.keys(found).length > 0) return found;
  throw new MediaError("media.unsupported", `the model cannot read ${file.name}`, {
    hint: `It reads ${[...options.kinds].join(", ")}.`,
  });
}

async function decode(file: File, options: ReadFileOptions): Promise<MediaOfFile> {
  const { kinds, fps, readTranscript } = options;
  const { name } = file;
  const [first] = kindsOfFile(file);
  if (first === "text")
    return kinds.has("text") ? { text: { kind: "text", text: await textOf(file, readTranscript) } } : {};
  if (first === "image")
    return kinds.has("image")
      ? { image: { kind: "image", image: await decodeImageInBrowser(file, {}, name) } }
      : {};
  const limits = { maxSeconds: MOST_SECONDS };
  const video =
    kinds.has("video") && first === "video"
      ? await decodeVideoInBrowser(file, { fps, ...limits }, name)
      : undefined;
  const audio = kinds.has("audio") ? await decodeAudioInBrowser(file, limits, name) : undefined;
  const frames: VideoFrame[] = [];
  for await (const frame of video ?? []) frames.push(frame);
  return {
    ...(audio && { audio: { kind: "audio", audio } }),
    ...(frames.length > 0 && { video: { kind: "video", frames, file } }),
  };
}

/** Returns the kinds of media that a file may have, by its type and the ending of its name. */
export function kindsOfFile({ name, type }: Pick<File, "name" | "type">): readonly MediumKind[] {
  if (type.startsWith("text/") || transcriptEndings.some((ending) => name.endsWith(ending))) return ["text"];
  if (type.startsWith("image/")) return ["image"];
  return type.startsWith("audio/") ? ["audio"] : ["video", "audio"];
}

async function textOf(file: File, readTranscript: TranscriptReader): Promise<TextMedia> {
  if (file.size > MOST_TEXT)
    throw new MediaError(
      "media.too-large",
      `${file.name} has ${file.size} bytes; the limit is ${MOST_TEXT}`,
      {
        hint: "Give the text of one sample.",
      },
    );
  const isTranscript = transcriptEndings.some((ending) => file.name.endsWith(ending));
  return isTranscript
    ? readTranscript(new Uint8Array(await file.arrayBuffer()), file.name)
    : { text: (await file.text()).trim() };
}
