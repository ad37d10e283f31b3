import { z } from "zod";
import { readRecogniserJson } from "./recogniser-json.js";
import { type RawTranscript, type RawWord, spreadWords } from "./sane-words.js";

const word = z.object({
  text: z.string().optional(),
  word: z.string().optional(),
  start: z.unknown().optional(),
  end: z.unknown().optional(),
});
const segment = z.object({
  text: z.string().default(""),
  start: z.unknown().optional(),
  end: z.unknown().optional(),
  words: z.array(word).optional(),
});
const interval = z.tuple([z.unknown(), z.unknown(), z.string()]);

/** Our form and Gentle's: words at the top level. Gentle calls the whole text "transcript". */
const flatSchema = z.object({
  words: z.array(word),
  text: z.string().optional(),
  transcript: z.string().optional(),
});
/** Form of Whisper and similar programs: segments, which may have words. */
const segmentedSchema = z.object({ segments: z.array(segment), text: z.string().optional() });
/** Form of the Montreal Forced Aligner: a tier of intervals [start, end, label]. */
const tieredSchema = z.object({ tiers: z.object({ words: z.object({ entries: z.array(interval) }) }) });

/** Reads a transcript in one of the known forms. Returns undefined for any other value. */
export function readJsonTranscript(value: unknown): RawTranscript | undefined {
  const segmented = segmentedSchema.safeParse(value);
  const flat = flatSchema.safeParse(value);
  // Some services write words next to segments that have none.
  const isTimed = segmented.success && segmented.data.segments.some((part) => part.words !== undefined);
  if (segmented.success && (isTimed || !flat.success || flat.data.words.length === 0))
    return fromSegments(segmented.data);
  if (flat.success) {
    const words = flat.data.words.map(rawWord);
    return { text: flat.data.text ?? flat.data.transcript ?? joined(words), words };
  }
  const tiered = tieredSchema.safeParse(value);
  if (!tiered.success) return readRecogniserJson(value);
  const words = tiered.data.tiers.words.entries.map(([start, end, text]): RawWord => ({ text, start, end }));
  return { text: joined(words), words };
}

function fromSegments({ segments, text }: z.infer<typeof segmentedSchema>): RawTranscript {
  const words = segments.flatMap((part) => {
    if (part.words !== undefined) return part.words.map(rawWord);
    return spreadWords(
      part.text,
      typeof part.start === "number" ? part.start : NaN,
      typeof part.end === "number" ? part.end : NaN,
    );
  });
  return { text: text ?? joined(segments.map((part) => ({ ...part, start: 0, end: 0 }))), words };
}

function rawWord({ text, word: spelled, start, end }: z.infer<typeof word>): RawWord {
  return { text: text ?? spelled ?? "", start, end };
}

function joined(words: readonly RawWord[]): string {
  return words
    .map((entry) => entry.text.trim())
    .filter((entry) => entry !== "")
    .join(" ");
}
