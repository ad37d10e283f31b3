import { causeText } from "../../core/cause-text.js";
import { DataError, EuarError } from "../../core/errors.js";
import { parseJson } from "../../core/parse-json.js";
import { readSmallFile } from "../../data/files/read-small-file.js";
import type { Features } from "../../predict/feature-input.js";
import { requireKind } from "../../data/formats/file-kind.js";
import { requireUnicode } from "../../data/formats/text-encoding.js";
import { LONGEST_LINE, readLines } from "../../data/files/read-lines.js";
import { idOf } from "./raw-input.js";

/** Sample to score: its features by modality, and its name. */
export interface Clip {
  readonly id: string | number | undefined;
  /** Features, which the model checks when it scores them. */
  readonly features: Features;
  /** Origin of the sample, for messages. */
  readonly place: string;
}

/**
 * Reads a sample from parsed JSON: an object of features by modality. The key "id" is its name, unless the
 * model has a modality with that name.
 * @throws DataError "data.format" for anything but an object
 */
export function clipOf(value: unknown, place: string, modalities: readonly string[]): Clip {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new DataError(
      "data.format",
      `${place}: expected an object of features by modality, got ` +
        (Array.isArray(value) ? "a list" : JSON.stringify(value)),
      {
        hint: `For example {${modalities.map((name) => `"${name}": [0.1, -0.2, ...]`).join(", ")}}.`,
      },
    );
  }
  const entries = Object.entries(value);
  const id: unknown = modalities.includes("id") ? undefined : entries.find(([key]) => key === "id")?.[1];
  if (id !== undefined && typeof id !== "string" && typeof id !== "number") {
    throw new DataError("data.format", `${place}: "id" must be a text or a number`, {
      hint: "Leave it out, or give the sample a name.",
    });
  }
  const features = Object.fromEntries(
    id === undefined ? entries : entries.filter(([key]) => key !== "id"),
  ) as Features;
  return { id, features, place };
}

function parseObject(text: string, place: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new DataError("data.format", `${place}: not JSON (${causeText(cause)})`, {
      hint: "Give one JSON object of features by modality; in a .jsonl file, one per line.",
      cause,
    });
  }
}

function unreadable(place: string, cause: unknown): DataError {
  return new DataError("data.not-found", `${place}: cannot be read (${causeText(cause)})`, {
    hint: "Check the path given to --features.",
    cause,
  });
}

/**
 * Reads the sample in a JSON file.
 * @throws DataError
 */
export function readClip(path: string, modalities: readonly string[]): Clip {
  const place = `features ${path}`;
  let bytes: Uint8Array;
  try {
    bytes = readSmallFile(path, { limit: LONGEST_LINE });
  } catch (cause) {
    throw cause instanceof DataError && cause.code === "data.not-found" ? unreadable(place, cause) : cause;
  }
  requireKind(bytes, path, { expected: ["json", "text"], wanted: "JSON with the features of one clip" });
  return clipOf(parseObject(requireUnicode(bytes, place), place), place, modalities);
}

/** Line of a stream: a sample, or the error of the line. */
export type ClipLine =
  | { readonly kind: "clip"; readonly clip: Clip }
  | { readonly kind: "bad"; readonly id: Clip["id"]; readonly error: DataError };

/**
 * Yields samples from JSON lines as they arrive. Skips empty lines. A bad line does not end the stream.
 * @throws DataError "data.not-found" if the stream itself cannot be read
 */
export async function* streamClips(
  input: NodeJS.ReadableStream,
  name: string,
  modalities: readonly string[],
): AsyncGenerator<ClipLine> {
  try {
    for await (const line of readLines(input, name)) {
      if ("error" in line) yield { kind: "bad", id: undefined, error: line.error };
      else if (line.text.trim() !== "") yield clipLine(line.text, `${name}, line ${line.number}`, modalities);
    }
  } catch (cause) {
    throw cause instanceof EuarError ? cause : unreadable(`features ${name}`, cause);
  }
}

function clipLine(text: string, place: string, modalities: readonly string[]): ClipLine {
  let value: unknown;
  try {
    value = parseObject(text, place);
    return { kind: "clip", clip: clipOf(value, place, modalities) };
  } catch (error) {
    if (error instanceof DataError) return { kind: "bad", id: idOf(value), error };
    throw error;
  }
}
