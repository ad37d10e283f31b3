import { z } from "zod";
import { zodIssue } from "../../core/zod-issue.js";
import { causeText } from "../../core/cause-text.js";
import { DataError } from "../../core/errors.js";
import { parseJson } from "../../core/parse-json.js";
import type { RawFiles } from "../../features/raw-files.js";
import { readLines } from "../../data/files/read-lines.js";

/** Raw sample to score. */
export interface RawInput {
  readonly id: string | number | undefined;
  readonly files: RawFiles;
}

const path = z.string().min(1).nullish();

/** Line of the stream. */
const lineSchema = z.strictObject({
  id: z.union([z.string(), z.number()]).optional(),
  clip: path,
  text: z.string().nullish(),
  transcript: path,
  audio: path,
  video: path,
  image: path,
  media: z.record(z.string(), z.string().min(1)).nullish(),
});

/**
 * Reads a raw sample from parsed JSON. A null value counts as absent.
 * @throws DataError "data.format" naming the place, the key and the expected value
 */
export function rawInputOf(value: unknown, place: string): RawInput {
  const result = lineSchema.safeParse(value);
  if (!result.success) {
    throw new DataError("data.format", `${place}: ${zodIssue(result.error)}`, {
      hint:
        'For example {"id": 1, "clip": "a.mp4", "text": "not again"}; keys are id, clip, text, ' +
        "transcript, audio, video, image and media, an object by name of modality.",
    });
  }
  const { id, ...files } = result.data;
  return {
    id,
    files: Object.fromEntries(
      Object.entries(files).filter(([, entry]) => entry !== null && entry !== undefined),
    ),
  };
}

/** Line of a stream: an input, or the error of the line. */
export type RawLine =
  | { readonly kind: "input"; readonly input: RawInput }
  | { readonly kind: "bad"; readonly id: RawInput["id"]; readonly error: DataError };

/** Yields inputs from JSON lines as they arrive. Skips empty lines. A bad line does not end the stream. */
export async function* streamRawLines(stream: NodeJS.ReadableStream, name: string): AsyncGenerator<RawLine> {
  for await (const line of readLines(stream, name)) {
    if ("error" in line) yield { kind: "bad", id: undefined, error: line.error };
    else if (line.text.trim() !== "") yield rawLine(line.text, `${name}, line ${line.number}`);
  }
}

function rawLine(line: string, place: string): RawLine {
  let value: unknown;
  try {
    value = parse(line, place);
    return { kind: "input", input: rawInputOf(value, place) };
  } catch (error) {
    if (error instanceof DataError) return { kind: "bad", id: idOf(value), error };
    throw error;
  }
}

/** Returns the id of an otherwise invalid line, so that its error can be matched to it. */
export function idOf(value: unknown): RawInput["id"] {
  const id = typeof value === "object" && value !== null && "id" in value ? value.id : undefined;
  return typeof id === "string" || typeof id === "number" ? id : undefined;
}

function parse(line: string, place: string): unknown {
  try {
    return parseJson(line);
  } catch (cause) {
    throw new DataError("data.format", `${place}: not JSON (${causeText(cause)})`, {
      hint: "Give one JSON object per line.",
      cause,
    });
  }
}
