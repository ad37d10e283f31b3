import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { extname } from "node:path";
import { DataError, MediaError } from "../core/errors.js";
import { readTranscript, transcriptEndings } from "./align/transcript.js";
import { checkInputFile } from "./decode/ffmpeg-input.js";
import { decodeSubtitles } from "./decode/ffmpeg-subtitles.js";
import { probeMedia } from "./decode/ffmpeg-probe.js";
import { imageFormat } from "./decode/image-format.js";
import { readBytes } from "./decode/read-bytes.js";
import type { TextMedia } from "./media.js";
import type { RawMedia } from "./raw-media.js";

/** One sample as files on disk. */
export interface RawFiles {
  /** A clip (sound and video, either of them) or a picture: its content decides. */
  readonly clip?: string | undefined;
  /** The text itself. */
  readonly text?: string | undefined;
  /** .srt, .vtt or .json; one beside the clip, of the same name, is found by itself. */
  readonly transcript?: string | undefined;
  readonly audio?: string | undefined;
  readonly video?: string | undefined;
  readonly image?: string | undefined;
}

/**
 * What a model with these modalities can read of some files. A stream that the clip does not have is missing,
 * and so is what the model does not know.
 * @throws MediaError for a clip or transcript that cannot be opened, or a clip alone without a stream that
 * the model reads; DataError "data.unknown-modality" if the model knows nothing that a clip has
 */
export async function rawMediaOf(
  files: RawFiles,
  modalities: readonly string[],
  signal?: AbortSignal,
): Promise<RawMedia> {
  const { clip, audio, video, image } = files;
  const fromClip = clip === undefined ? {} : await streamsOf(clip, modalities, signal);
  const text = await textOfFiles(files, modalities, signal);
  const isAlone = [text, audio, video, image].every((given) => given === undefined);
  if (clip !== undefined && isAlone && Object.keys(fromClip).length === 0) {
    throw new MediaError("media.unsupported", `${clip} has neither sound nor video that the model reads`, {
      hint: `Give a clip with a stream of what the model was trained on: ${modalities.join(", ")}.`,
    });
  }
  return {
    ...fromClip,
    ...(text && { text }),
    ...(audio !== undefined && { audio }),
    ...(video !== undefined && { video }),
    ...(image !== undefined && { image }),
  };
}

async function streamsOf(
  path: string,
  modalities: readonly string[],
  signal: AbortSignal | undefined,
): Promise<RawMedia> {
  const [audio, video, image] = ["audio", "vision", "image"].map((name) => modalities.includes(name));
  await checkInputFile(path);
  if (image === true && (await isImage(path))) return { image: path };
  if (audio !== true && video !== true) {
    const known = image === true ? `${path} is not a picture, and the model` : "the model";
    throw new DataError(
      "data.unknown-modality",
      `prediction: ${known} reads no clips; it was trained on ${modalities.join(", ")}`,
      { hint: image === true ? "Give a picture." : "Use a model that was trained on audio or vision." },
    );
  }
  const probe = await probeMedia(path, { signal });
  return {
    ...(audio === true && probe.audio && { audio: path }),
    ...(video === true && probe.video && { video: path }),
  };
}

/** As many bytes as any signature takes. */
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
  modalities: readonly string[],
  signal: AbortSignal | undefined,
): Promise<TextMedia | undefined> {
  const isWanted = clip !== undefined && text === undefined && modalities.includes("text");
  const path =
    transcript ?? (clip === undefined || !modalities.includes("text") ? undefined : transcriptBeside(clip));
  if (path === undefined && isWanted && !(await isImage(clip))) return decodeSubtitles(clip, { signal });
  if (path === undefined) return text === undefined ? undefined : { text };
  const media = readTranscript(await readBytes(path), path);
  return text === undefined ? media : { ...media, text };
}

function transcriptBeside(clip: string): string | undefined {
  const stem = clip.slice(0, clip.length - extname(clip).length);
  return transcriptEndings.map((ending) => stem + ending).find((path) => existsSync(path));
}
