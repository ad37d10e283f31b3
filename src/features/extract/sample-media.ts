import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { causeText } from "../../core/cause-text.js";
import { MediaError } from "../../core/errors.js";
import { mediumNames } from "../../data/medium-names.js";
import type { MediumKind } from "../adapter.js";
import { readTranscript } from "../align/transcript.js";
import { checkFile } from "../decode/check-file.js";
import { decodeSubtitles } from "../decode/ffmpeg-subtitles.js";
import { checkLength } from "../decode/load-file.js";
import type { MediaFile, SampleFiles } from "../decode/media-file.js";
import { readBytes } from "../decode/read-bytes.js";
import type { TextMedia } from "../media.js";
import { withNoise } from "../modality-pipeline.js";
import { mediumOf } from "../registry.js";
import { noiseKey, noiseOn } from "./media-noise.js";
import type { ModalityPlan } from "./plan.js";
import type { Sample } from "./sample.js";

/** What is said in a sample. */
export interface SpokenText {
  /**
   * The table's text, with word times of its transcript; the transcript's text where the table has none.
   * Undefined without either.
   */
  readonly text: TextMedia | undefined;
  /** Why its transcript was not used. */
  readonly failure?: MediaError;
}

/** Whether a modality is what is said, which a transcript belongs to. */
export function isSpoken(modality: string): boolean {
  return modality === mediumNames.text.modality;
}

/** The table's text of a modality, with its noise; undefined where the table has none. */
export function tableText(sample: Sample, modality: string): TextMedia | undefined {
  const text = Object.hasOwn(sample.texts, modality) ? sample.texts[modality] : undefined;
  return text === undefined ? undefined : noisy(sample, modality, { text });
}

/** The text that stands for a sample in the table of a data set: what is said, else the first of its texts. */
export function mainText(sample: Sample): string | undefined {
  const names = Object.keys(sample.texts);
  const name = names.find(isSpoken) ?? names[0];
  return name === undefined ? undefined : tableText(sample, name)?.text;
}

function noisy(sample: Sample, modality: string, text: TextMedia): TextMedia {
  const noise = noiseOn(modality, sample.noise, sample.id);
  return noise === undefined ? text : withNoise("text", text, noise);
}

/**
 * Reads what a sample says: the table's text, its transcript, or the subtitles of its clip.
 * @param isWanted true if the text is extracted: only then a clip without text and transcript is searched for
 * subtitles
 * @param files the sample's, so that its clip is looked into once
 */
export async function spokenText(sample: Sample, isWanted: boolean, files: SampleFiles): Promise<SpokenText> {
  const { transcript, clip } = sample;
  const { modality } = mediumNames.text;
  const plain = tableText(sample, modality);
  if (transcript === undefined && (plain !== undefined || clip === undefined || !isWanted))
    return { text: plain };
  try {
    if (transcript === undefined) {
      const found = clip === undefined ? undefined : await subtitlesOf(files.at(clip));
      return { text: found && noisy(sample, modality, found) };
    }
    const media = readTranscript(await readBytes(transcript), transcript);
    return { text: { ...noisy(sample, modality, media), ...plain } };
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    return { text: plain, failure: error };
  }
}

async function subtitlesOf(clip: MediaFile): Promise<TextMedia | undefined> {
  return decodeSubtitles(clip.path, { probe: await clip.probe() });
}

/** sha-256 of a medium: of a text with its times, or of a file's bytes. @throws as `hashFile` */
export async function contentOf(
  kind: MediumKind,
  source: TextMedia | string,
  files: SampleFiles,
): Promise<string> {
  if (typeof source !== "string") return hashText(source);
  return hashFile(source, () => checkLength(kind, files.at(source)));
}

function hashText(text: TextMedia): string {
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

/** How the decoding of a sample's medium is written into cache keys. The noise of a text is in its content. */
export function decodingOf({ modality, kind, fps, part }: ModalityPlan, { id, noise }: Sample): string {
  const disturbed = kind === "text" ? "" : noiseKey(noiseOn(modality, noise, id));
  const decoded = mediumOf(kind).hasFrames === true ? `fps ${fps}` : "";
  return [decoded, part === undefined ? "" : `${part} half`, disturbed]
    .filter((part) => part !== "")
    .join(", ");
}
