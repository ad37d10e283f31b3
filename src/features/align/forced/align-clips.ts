import { existsSync, statSync } from "node:fs";
import { extname } from "node:path";
import { ConfigError, type ErrorCode, MediaError } from "../../../core/errors.js";
import { writeWhole } from "../../../data/formats/write-whole.js";
import { decodeAudio } from "../../decode/ffmpeg-audio.js";
import { isAboutTheMachine } from "../../machine-errors.js";
import { forceAlign } from "./force-align.js";
import { ALIGNER_RATE } from "./recognise-speech.js";
import { loadSpeechModel, type SpeechModel } from "./speech-model.js";

/** Clip and its spoken text. */
export interface ClipToAlign {
  readonly id: string;
  readonly clip: string;
  readonly text: string;
  /** Existing transcript next to the clip. */
  readonly transcript: string | undefined;
}

export interface AlignSummary {
  /** Paths of the written transcripts. */
  readonly written: readonly string[];
  /** Number of clips that already had a transcript. */
  readonly kept: number;
  /** Number of aligned words, and of words that the dictionary does not have. */
  readonly words: number;
  readonly unknown: number;
  readonly failures: readonly { readonly id: string; readonly code: ErrorCode; readonly message: string }[];
}

export interface AlignOptions {
  /** Replace existing transcripts. */
  readonly overwrite: boolean;
  /** Folder of PocketSphinx's English model. */
  readonly model?: string | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Writes `{clip}.json` with the word times next to each clip. `extract` and `predict` find this transcript.
 * Clips that cannot be aligned are in `failures`.
 * @throws MediaError "media.missing-tool"
 * @throws ConfigError if there is nothing to align
 * @throws EuarError "io.write"
 * @throws the signal's reason when aborted
 */
export async function alignClips(
  clips: readonly ClipToAlign[],
  options: AlignOptions,
): Promise<AlignSummary> {
  if (clips.length === 0)
    throw new ConfigError("config.conflict", "there is no clip with a text to align", {
      hint: "Alignment needs the spoken text: the column text of label.csv, or --text.",
    });
  const open = clips.filter(({ transcript }) => transcript === undefined || options.overwrite);
  const model = await loadSpeechModel(options.model);
  const written: string[] = [];
  const failures: { id: string; code: ErrorCode; message: string }[] = [];
  let [words, unknown] = [0, 0];
  for (const [i, { id, clip, text }] of open.entries()) {
    options.signal.throwIfAborted();
    try {
      const found = await alignClip(clip, text, model, options.signal);
      const path = transcriptPath(clip);
      await writeWhole(path, `${JSON.stringify({ text, words: found.words }, null, 1)}\n`);
      written.push(path);
      words += found.words.length;
      unknown += found.unknown.length;
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof MediaError) || isAboutTheMachine(error)) throw error;
      failures.push({ id, code: error.code, message: error.message });
    }
    options.onProgress(i + 1, open.length);
  }
  return { written, kept: clips.length - open.length, words, unknown, failures };
}

/**
 * True if a path is a clip, false if it is a folder of clips.
 * @throws MediaError "media.not-found"
 */
export function isClip(path: string): boolean {
  if (!existsSync(path))
    throw new MediaError("media.not-found", `${path} does not exist`, {
      hint: "Give a clip, or a folder of clips with a label.csv.",
    });
  return statSync(path).isFile();
}

export function transcriptPath(clip: string): string {
  return `${clip.slice(0, clip.length - extname(clip).length)}.json`;
}

async function alignClip(
  clip: string,
  text: string,
  model: SpeechModel,
  signal: AbortSignal,
): ReturnType<typeof forceAlign> {
  const audio = await decodeAudio(clip, { sampleRate: ALIGNER_RATE, signal });
  if (audio === undefined)
    throw new MediaError("media.unsupported", `${clip} has no sound to align its text to`);
  return forceAlign(audio, text, clip, model, signal);
}
