import { z } from "zod";
import { type RawTranscript, type RawWord, spreadWords } from "./sane-words.js";

/** whisper.cpp with `-oj`, or with `-ojf`, which adds tokens. Times are in milliseconds. */
const offsets = z.object({ from: z.number(), to: z.number() });
const whisperCpp = z.object({
  transcription: z.array(
    z.object({
      text: z.string(),
      offsets,
      tokens: z.array(z.object({ text: z.string(), offsets: offsets.optional() })).optional(),
    }),
  ),
});
/** transformers.js and Python's pipeline: chunks of words or sentences. The last may have no end. */
const chunked = z.object({
  text: z.string().optional(),
  chunks: z.array(
    z.object({ text: z.string(), timestamp: z.tuple([z.number().nullable(), z.number().nullable()]) }),
  ),
});
/** Vosk: one result, or a list with one per utterance. */
const voskResult = z.object({
  result: z.array(z.object({ word: z.string(), start: z.number(), end: z.number() })).default([]),
  text: z.string(),
});
const vosk = z.union([voskResult.transform((one) => [one]), z.array(voskResult).min(1)]);
/** Amazon Transcribe: times are strings; punctuation has none. */
const aws = z.object({
  results: z.object({
    transcripts: z.array(z.object({ transcript: z.string() })).min(1),
    items: z.array(
      z.object({
        type: z.string(),
        start_time: z.string().optional(),
        end_time: z.string().optional(),
        alternatives: z.array(z.object({ content: z.string() })).min(1),
      }),
    ),
  }),
});

/** Reads a transcript in the form of other speech recognisers. Returns undefined for any other value. */
export function readRecogniserJson(value: unknown): RawTranscript | undefined {
  const cpp = whisperCpp.safeParse(value);
  if (cpp.success) return fromWhisperCpp(cpp.data);
  const chunks = chunked.safeParse(value);
  if (chunks.success) return fromChunks(chunks.data);
  const amazon = aws.safeParse(value);
  if (amazon.success) return fromAws(amazon.data);
  const results = vosk.safeParse(value);
  if (!results.success) return undefined;
  return {
    text: joined(results.data.map(({ text }) => text)),
    words: results.data.flatMap(({ result }) =>
      result.map(({ word, start, end }): RawWord => ({ text: word, start, end })),
    ),
  };
}

function fromWhisperCpp({ transcription }: z.infer<typeof whisperCpp>): RawTranscript {
  return {
    text: joined(transcription.map(({ text }) => text)),
    words: transcription.flatMap(({ text, offsets: { from, to }, tokens }) =>
      tokens === undefined ? spreadWords(text, from / 1000, to / 1000) : wordsOfTokens(tokens),
    ),
  };
}

/**
 * Joins tokens to words. A token that begins with a space begins a word. `[_BEG_]` and similar tokens are not
 * text.
 */
function wordsOfTokens(
  tokens: NonNullable<z.infer<typeof whisperCpp>["transcription"][number]["tokens"]>,
): RawWord[] {
  const words: { text: string; start: number; end: number }[] = [];
  for (const { text, offsets: at } of tokens) {
    if (text.startsWith("[_") || at === undefined) continue;
    const last = words.at(-1);
    if (last === undefined || text.startsWith(" "))
      words.push({ text, start: at.from / 1000, end: at.to / 1000 });
    else {
      last.text += text;
      last.end = at.to / 1000;
    }
  }
  return words;
}

function fromChunks({ text, chunks }: z.infer<typeof chunked>): RawTranscript {
  return {
    text: text?.trim() ?? joined(chunks.map((chunk) => chunk.text)),
    words: chunks.flatMap(({ text: spoken, timestamp: [start, end] }, i) =>
      spreadWords(spoken, start ?? NaN, end ?? chunks[i + 1]?.timestamp[0] ?? start ?? NaN),
    ),
  };
}

function fromAws({ results }: z.infer<typeof aws>): RawTranscript {
  return {
    text: joined(results.transcripts.map(({ transcript }) => transcript)),
    words: results.items
      .filter(({ type }) => type === "pronunciation")
      .map((item): RawWord => ({
        text: item.alternatives[0]?.content ?? "",
        start: Number(item.start_time ?? NaN),
        end: Number(item.end_time ?? NaN),
      })),
  };
}

function joined(parts: readonly string[]): string {
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join(" ");
}
