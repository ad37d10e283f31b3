import { defined } from "../../../core/defined.js";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MediaError } from "../../../core/errors.js";
import { writeScratchFile } from "../../../data/files/write-file.js";
import { readTool } from "../../decode/tool-process.js";
import type { AudioMedia, Word } from "../../media.js";
import { installPocketsphinxHint, type SpeechModel } from "./speech-model.js";
import { type SpokenWord, spokenWords } from "./spoken-words.js";

/** Sampling rate of the acoustic model in Hz. */
export const ALIGNER_RATE = 16000;

/**
 * Longest wait for PocketSphinx, which is silent until it has finished. Ten minutes of sound take less than
 * one minute.
 */
const LONGEST_MS = 600_000;

export interface ForcedAlignment {
  /** Words in order, without those missing in the dictionary. */
  readonly words: readonly Word[];
  /** Words of the text without a time. */
  readonly unknown: readonly string[];
}

/**
 * Finds the times of the words of an English text in a sound. Uses PocketSphinx with a grammar that allows
 * exactly this text, with pauses anywhere (the usual forced alignment). A wrong text is aligned as well as
 * possible.
 * @param audio mono at {@link ALIGNER_RATE}
 * @param name for messages
 * @throws MediaError "media.missing-tool"
 * @throws MediaError "media.unsupported" if no word of the text is in the dictionary
 * @throws MediaError "media.damaged" if the text does not fit into the sound
 */
export async function forceAlign(
  audio: AudioMedia,
  text: string,
  name: string,
  model: SpeechModel,
  signal?: AbortSignal,
): Promise<ForcedAlignment> {
  if (audio.sampleRate !== ALIGNER_RATE)
    throw new MediaError(
      "media.unsupported",
      `${name}: alignment needs sound at ${ALIGNER_RATE} Hz, not ${audio.sampleRate}`,
    );
  const said = spokenWords(text, model.knows);
  const known = said.filter(({ parts }) => parts.length > 0);
  if (known.length === 0)
    throw new MediaError(
      "media.unsupported",
      `${name}: no word of its text is in the pronouncing dictionary`,
      { hint: "Alignment knows English words only." },
    );
  const entries = known.flatMap(({ parts }) => parts);
  const times = await locate(audio, entries, model, signal);
  if (times.length !== entries.length || entries.some((entry, i) => times[i]?.entry !== entry)) {
    throw new MediaError(
      "media.damaged",
      `${name}: its text does not fit into its ${(audio.samples.length / ALIGNER_RATE).toFixed(1)} s ` +
        "of sound",
      { hint: "Check that the text contains exactly the spoken words." },
    );
  }
  return {
    words: place(known, times),
    unknown: said.filter(({ parts }) => parts.length === 0).map((word) => word.text),
  };
}

interface PlacedEntry {
  readonly entry: string;
  readonly start: number;
  readonly end: number;
}

/** Combines the parts of each word. A word lasts from its first part to its last. */
function place(words: readonly SpokenWord[], times: readonly PlacedEntry[]): Word[] {
  let next = 0;
  return words.map(({ text, parts }) => {
    const [first, last] = [times[next], times[next + parts.length - 1]];
    next += parts.length;
    return { text, start: defined(first).start, end: defined(last).end };
  });
}

async function locate(
  { samples }: AudioMedia,
  entries: readonly string[],
  model: SpeechModel,
  signal: AbortSignal | undefined,
): Promise<PlacedEntry[]> {
  const folder = await mkdtemp(join(tmpdir(), "euar-align-"));
  const file = (name: string): string => join(folder, name);
  try {
    const pcm = Int16Array.from(samples, (sample) => Math.round(sample * 32767));
    writeScratchFile(file("clip.raw"), new Uint8Array(pcm.buffer));
    writeScratchFile(file("clips"), "clip\n");
    writeScratchFile(
      file("text.gram"),
      `#JSGF V1.0;\ngrammar text;\npublic <said> = ${entries.join(" ")};\n`,
    );
    const input = [
      "-adcin",
      "yes",
      "-cepdir",
      folder,
      "-cepext",
      ".raw",
      "-ctl",
      file("clips"),
      "-remove_silence",
      "no",
    ];
    const search = [
      "-hmm",
      model.acoustic,
      "-dict",
      model.dictionary,
      "-jsgf",
      file("text.gram"),
      "-bestpath",
      "no",
    ];
    const missing = { purpose: "finding when words are said", hint: installPocketsphinxHint };
    const output = readTool(
      "pocketsphinx_batch",
      [...input, ...search, "-ctm", file("times"), "-logfn", file("log")],
      { signal, missing, stallMs: LONGEST_MS },
    );
    while ((await output.next()).done !== true); // its output is not needed
    return readTimes(await readFile(file("times"), "utf8").catch(() => ""));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
