import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeScratchFile } from "../../../data/files/write-file.js";
import { readTool, type ToolEnd } from "../../decode/tool-process.js";
import type { AudioMedia } from "../../media.js";
import { MediaError } from "../../../core/errors.js";
import { installPocketsphinxHint } from "./speech-model.js";

/** Sampling rate of the acoustic model in Hz. */
export const ALIGNER_RATE = 16000;

/**
 * Longest wait for PocketSphinx, which is silent until it has finished. Ten minutes of sound take less than
 * one minute.
 */
const LONGEST_MS = 600_000;

/** Entries that a sound may contain. */
export interface SpeechSearch {
  /** Folder of the acoustic model. */
  readonly acoustic: string;
  /** Path of a pronouncing dictionary, or the lines of one. */
  readonly dictionary: string | readonly string[];
  /** Right side of a JSGF rule over the dictionary's entries. Pauses may be anywhere. */
  readonly grammar: string;
}

/** Entry with its time in seconds. */
export interface PlacedEntry {
  readonly entry: string;
  readonly start: number;
  readonly end: number;
}

/** Best match of a grammar with a sound. */
export interface RecognisedSpeech {
  /** Entries in order. Empty if no match was found. */
  readonly times: readonly PlacedEntry[];
  /**
   * Score of the match, at most 0: the sum over its frames (10 ms) of the log-likelihood, relative to the
   * best sound of the model in each frame. Undefined if no match was found.
   */
  readonly score: number | undefined;
}

/**
 * Finds the best match of a grammar with a sound, with PocketSphinx.
 * @param audio mono at {@link ALIGNER_RATE}
 * @throws MediaError "media.missing-tool" if PocketSphinx is missing or fails
 */
export async function recogniseSpeech(
  { samples }: AudioMedia,
  { acoustic, dictionary, grammar }: SpeechSearch,
  signal: AbortSignal | undefined,
): Promise<RecognisedSpeech> {
  const folder = await mkdtemp(join(tmpdir(), "euar-align-"));
  const file = (name: string): string => join(folder, name);
  let end: ToolEnd | undefined;
  try {
    const pcm = Int16Array.from(samples, (sample) => Math.round(32767 * Math.max(-1, Math.min(1, sample))));
    writeScratchFile(file("clip.raw"), new Uint8Array(pcm.buffer));
    writeScratchFile(file("clips"), "clip\n");
    writeScratchFile(file("text.gram"), `#JSGF V1.0;\ngrammar text;\npublic <said> = ${grammar};\n`);
    if (typeof dictionary !== "string") writeScratchFile(file("words.dict"), `${dictionary.join("\n")}\n`);
    const words = typeof dictionary === "string" ? dictionary : file("words.dict");
    const input = ["-adcin", "yes", "-cepdir", folder, "-cepext", ".raw", "-ctl", file("clips")];
    const search = ["-hmm", acoustic, "-dict", words, "-jsgf", file("text.gram"), "-bestpath", "no"];
    const results = ["-ctm", file("times"), "-hyp", file("match"), "-logfn", file("log")];
    const missing = { purpose: "finding when words are said", hint: installPocketsphinxHint };
    const output = readTool(
      "pocketsphinx_batch",
      [...input, "-remove_silence", "no", ...search, ...results],
      { signal, missing, stallMs: LONGEST_MS, onEnd: (value) => (end = value) },
    );
    while ((await output.next()).done !== true); // its output is not needed
    const read = (name: string): Promise<string> => readFile(file(name), "utf8").catch(() => "");
    if (end && end.exitCode !== 0) throw failed(end, await read("log"));
    return { times: readTimes(await read("times")), score: readScore(await read("match")) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function failed({ exitCode }: ToolEnd, log: string): MediaError {
  const last = log.trimEnd().split("\n").at(-1) ?? "";
  return new MediaError(
    "media.missing-tool",
    `pocketsphinx_batch ended with exit code ${exitCode}: ${last}`,
    { hint: installPocketsphinxHint },
  );
}

/** Reads the score of `words (clip score)`. A sound without a match has no words. */
function readScore(text: string): number | undefined {
  const score = /^\s*\S.*\(clip (-?\d+)\)/.exec(text)?.[1];
  return score === undefined || text.trim().startsWith("(clip") ? undefined : Number(score);
}

/** Reads NIST's CTM: utterance, channel, start, duration, word, confidence. It does not contain pauses. */
function readTimes(text: string): PlacedEntry[] {
  return text.split("\n").flatMap((line): PlacedEntry[] => {
    const [, , start = "", duration = "", word = ""] = line.trim().split(/\s+/);
    const from = Number(start);
    return word === ""
      ? []
      : [
          {
            entry: word.replace(/\(\d+\)$/, ""),
            start: from,
            end: Math.round(1000 * (from + Number(duration))) / 1000,
          },
        ];
  });
}
