import { ConfigError } from "../core/errors.js";
import type { RawMedia, RawMedium, TranscriptCheck } from "../features/raw-media.js";
import { isEncoded } from "../features/raw-media.js";
import { modalityFor, readableModalities } from "../features/readable-modalities.js";
import { mediumOf } from "../features/registry.js";
import type { RunConfig } from "../runs/results.js";
import type { Mismatch } from "./doubts.js";

/**
 * Compares the first text of a sample with its first sound.
 * @returns undefined if the text fits, if the two cannot be compared, or if one is missing
 * @throws ConfigError "config.conflict" if the environment cannot compare them
 * @throws MediaError "media.missing-tool"
 */
export async function findMismatch(
  sample: RawMedia,
  { modalities, features = {} }: Pick<RunConfig["data"], "modalities" | "features">,
  check: TranscriptCheck | undefined,
  signal: AbortSignal | undefined,
): Promise<Mismatch | undefined> {
  if (check === undefined)
    throw new ConfigError("config.conflict", "checkTranscript: nothing here can compare text and speech", {
      hint: "Check transcripts in Node, with PocketSphinx.",
    });
  const readable = readableModalities(
    modalities.map(({ name }) => name),
    features,
  );
  const given = Object.entries(sample).flatMap(([key, medium]) => {
    const name = medium === null || medium === undefined ? undefined : modalityFor(key, readable);
    const kind = readable.find((each) => each.name === name)?.kind;
    return name === undefined || !medium ? [] : [{ name, kind, medium }];
  });
  const text = given.find(({ kind }) => kind === "text");
  const audio = given.find(({ kind }) => kind === "audio");
  const words = text && wordsOf(text.medium);
  if (!text || !audio || words === undefined || !isSound(audio.medium)) return undefined;
  const problem = await check(audio.medium, words, signal);
  return problem && { text: text.name, audio: audio.name, reason: { kind: "quality", ...problem } };
}

function wordsOf(medium: RawMedium): string | undefined {
  if (typeof medium === "string") return medium;
  return mediumOf("text").isMedia(medium) ? medium.text : undefined;
}

function isSound(medium: RawMedium): medium is Parameters<TranscriptCheck>[0] {
  return isEncoded(medium) || mediumOf("audio").isMedia(medium);
}
