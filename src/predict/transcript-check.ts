import { ConfigError, MediaError } from "../core/errors.js";
import { isAboutTheMachine } from "../features/machine-errors.js";
import type { RawMedia, RawMedium, TranscriptCheck } from "../features/raw-media.js";
import { isEncoded } from "../features/raw-media.js";
import { modalityFor, readableModalities } from "../features/readable-modalities.js";
import type { ReadModality } from "../features/sample-reader.js";
import { mediumOf } from "../features/registry.js";
import type { RunConfig } from "../runs/results.js";
import type { Mismatch } from "./doubts.js";

/** Parts of a comparison of text and sound. */
export interface TranscriptComparison {
  /** Undefined if the environment cannot compare them. */
  readonly check: TranscriptCheck | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Inputs that were read, by modality. An input that could not be read is not compared. */
  readonly read?: ReadonlyMap<string, ReadModality> | undefined;
  /** Media that are decoded already, by modality. */
  readonly decoded?: ReadonlyMap<string, unknown> | undefined;
}

/**
 * Compares the first text of a sample with its first sound. Decodes the sound only if it is not decoded yet.
 * @returns undefined if the text fits, if the two cannot be compared, or if one is missing
 * @throws ConfigError "config.conflict" if the environment cannot compare them, or the model does not have
 * both inputs
 * @throws MediaError "media.missing-tool"
 */
export async function findMismatch(
  sample: RawMedia,
  { modalities, features = {} }: Pick<RunConfig["data"], "modalities" | "features">,
  { check, signal, read, decoded }: TranscriptComparison,
): Promise<Mismatch | undefined> {
  if (check === undefined)
    throw new ConfigError("config.conflict", "checkTranscript: nothing here can compare text and speech", {
      hint: "Check transcripts in Node, with PocketSphinx.",
    });
  const readable = readableModalities(
    modalities.map(({ name }) => name),
    features,
  );
  for (const needed of ["text", "audio"])
    if (!readable.some(({ kind }) => kind === needed))
      throw new ConfigError("config.conflict", `checkTranscript: the model has no input of ${needed}`, {
        hint: "Only a model of text and sound can compare the two: leave the check out.",
      });
  const given = Object.entries(sample).flatMap(([key, medium]) => {
    const name = medium === null || medium === undefined ? undefined : modalityFor(key, readable);
    const kind = readable.find((each) => each.name === name)?.kind;
    return name === undefined || !medium ? [] : [{ name, kind, medium }];
  });
  const text = given.find(({ kind }) => kind === "text");
  const audio = given.find(({ kind }) => kind === "audio");
  const words = text && wordsOf(text.medium);
  if (!text || !audio || words === undefined || !isSound(audio.medium)) return undefined;
  if (![text, audio].every(({ name }) => read === undefined || read.get(name)?.kind === "read"))
    return undefined; // doubted for that already
  const known = decoded?.get(audio.name);
  const sound = mediumOf("audio").isMedia(known) ? known : audio.medium;
  const problem = await compared(check, sound, words, signal);
  return problem && { text: text.name, audio: audio.name, reason: { kind: "quality", ...problem } };
}

/** Compares; undefined for a sound that cannot be compared, e.g. because it is too long. */
async function compared(
  check: TranscriptCheck,
  sound: Parameters<TranscriptCheck>[0],
  words: string,
  signal: AbortSignal | undefined,
): ReturnType<TranscriptCheck> {
  try {
    return await check(sound, words, signal);
  } catch (error) {
    if (!(error instanceof MediaError) || isAboutTheMachine(error)) throw error;
    return undefined;
  }
}

function wordsOf(medium: RawMedium): string | undefined {
  if (typeof medium === "string") return medium;
  return mediumOf("text").isMedia(medium) ? medium.text : undefined;
}

function isSound(medium: RawMedium): medium is Parameters<TranscriptCheck>[0] {
  return isEncoded(medium) || mediumOf("audio").isMedia(medium);
}
