import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { causeText } from "../../core/cause-text.js";
import { MediaError } from "../../core/errors.js";
import { textMedium } from "../text/text-medium.js";
import type { MediumKind } from "../adapter.js";
import { readTranscript } from "../align/transcript.js";
import { checkFile } from "../decode/check-file.js";
import { decodeSubtitles } from "../decode/ffmpeg-subtitles.js";
import { checkLength } from "../decode/check-length.js";
import { type MediaFile, SampleFiles } from "../decode/media-file.js";
import { readBytes } from "../decode/read-bytes.js";
import type { TextMedia } from "../media.js";
import { withDamage } from "../damage/with-damage.js";
import { type DamageOfMedium, withNoise } from "../modality-pipeline.js";
import { mediumOf } from "../registry.js";
import { noiseKey, noiseOn } from "./media-noise.js";
import type { ModalityPlan } from "./plan.js";
import type { ModalityDamage, Sample } from "./sample.js";

/** Spoken text of a sample. */
export interface SpokenText {
  /**
   * Text of the table, with the word times of the transcript; the transcript's text if the table has none.
   * Undefined without either.
   */
  readonly text: TextMedia | undefined;
  /** Reason why the transcript was not used. */
  readonly failure?: MediaError;
}

/** True for the modality of spoken text, which a transcript belongs to. */
export function isSpoken(modality: string): boolean {
  return modality === textMedium.modality;
}

/** Text of a modality in the table, with its noise and corruption; undefined if the table has none. */
export function tableText(sample: Sample, modality: string): TextMedia | undefined {
  const text = Object.hasOwn(sample.texts, modality) ? sample.texts[modality] : undefined;
  const { other } = damageOf(sample, modality) ?? {};
  return text === undefined
    ? undefined
    : disturbed(sample, modality, { text }, other && tableText(other, modality));
}

/** Text of a sample in the table of a data set: the spoken text, otherwise its first text. */
export function mainText(sample: Sample): string | undefined {
  const names = Object.keys(sample.texts);
  const name = names.find(isSpoken) ?? names[0];
  return name === undefined ? undefined : tableText(sample, name)?.text;
}

/** Adds noise to a text, then corrupts it. */
function disturbed(sample: Sample, modality: string, text: TextMedia, other?: TextMedia): TextMedia {
  const noise = noiseOn(modality, sample.noise, sample.id);
  const noisy = noise === undefined ? text : withNoise("text", text, noise);
  const damage = damageOn(sample, modality);
  return damage === undefined ? noisy : withDamage("text", noisy, damage, other);
}

/** Corruption of one modality of a sample, or undefined. */
export function damageOf({ damage }: Sample, modality: string): ModalityDamage | undefined {
  return damage !== undefined && Object.hasOwn(damage.on, modality) ? damage.on[modality] : undefined;
}

/** Corruption of one modality of a sample with its draws, and the file that is mixed in. */
export function damageOn(sample: Sample, modality: string): DamageOfMedium | undefined {
  const own = damageOf(sample, modality);
  if (own === undefined || sample.damage === undefined) return undefined;
  const { seed, id } = sample.damage;
  const file = own.other?.files[modality];
  return { steps: own.steps, draw: { seed, modality, id }, ...(file !== undefined && { other: file }) };
}

/**
 * Part of a cache key that describes the corruption of a medium. Empty without corruption.
 *
 * @throws MediaError as `hashFile`, for the file that is mixed in
 */
export async function damageKey({ steps, draw, other }: DamageOfMedium): Promise<string> {
  const mixed = typeof other === "string" ? ` with ${await hashFile(other)}` : "";
  const { seed, modality, id } = draw;
  return `corruption ${JSON.stringify(steps)} seed ${seed} of ${modality} of ${id}${mixed}`;
}

/**
 * Reads the spoken text of a sample: from the table, its transcript, or the subtitles of its clip.
 * @param isWanted true if the text is extracted. Subtitles are searched only then, in clips without text and
 * transcript
 * @param files files of the sample, so that its clip is probed once
 */
export async function spokenText(sample: Sample, isWanted: boolean, files: SampleFiles): Promise<SpokenText> {
  const { transcript, clip } = sample;
  const { modality } = textMedium;
  const plain = tableText(sample, modality);
  const otherText = async (): Promise<TextMedia | undefined> => {
    const { other } = damageOf(sample, modality) ?? {};
    return other && (await spokenText(other, true, new SampleFiles())).text;
  };
  if (transcript === undefined && (plain !== undefined || clip === undefined || !isWanted))
    return { text: plain };
  try {
    if (transcript === undefined) {
      const found = clip === undefined ? undefined : await subtitlesOf(files.at(clip));
      return { text: found && disturbed(sample, modality, found, await otherText()) };
    }
    const media = readTranscript(await readBytes(transcript), transcript);
    return {
      text:
        plain === undefined ? disturbed(sample, modality, media, await otherText()) : { ...media, ...plain },
    };
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    return { text: plain, failure: error };
  }
}

async function subtitlesOf(clip: MediaFile): Promise<TextMedia | undefined> {
  return decodeSubtitles(clip.path, { probe: await clip.probe() });
}

/**
 * Returns the sha-256 of a medium: of a text with its times, or of a file's bytes.
 * @throws MediaError as `hashFile`
 */
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

/** Size in bytes above which a probe is cheaper than reading the file. */
const LONG_READ_BYTES = 64 * 1024 * 1024;

/**
 * Returns the sha-256 of a file, read in pieces.
 * @param check runs first for a large file, and may refuse it
 * @throws MediaError "media.not-found", "media.unsupported" for a folder, pipe or device
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

/**
 * Part of a cache key that describes the decoding of a medium. The noise of a text is part of its content.
 */
export function decodingOf({ modality, kind, fps, part }: ModalityPlan, { id, noise }: Sample): string {
  const disturbed = kind === "text" ? "" : noiseKey(noiseOn(modality, noise, id));
  const decoded = mediumOf(kind).hasFrames === true ? `fps ${fps}` : "";
  return [decoded, part === undefined ? "" : `${part} half`, disturbed]
    .filter((part) => part !== "")
    .join(", ");
}
