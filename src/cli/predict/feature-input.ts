import { readFile } from "node:fs/promises";
import { DataError } from "../../core/errors.js";
import type { Features } from "../../predict/feature-input.js";
import { decodeUtf8, readLines } from "../read-lines.js";

/** One clip to score: its features by modality, and the name it was given. */
export interface Clip {
  readonly id: string | number | undefined;
  /** Checked by the model when it scores. */
  readonly features: Features;
  /** Where it came from, for messages. */
  readonly place: string;
}

/**
 * A clip from parsed JSON: an object of features by modality. The key "id" is a name, unless the model has a
 * modality of that name.
 * @throws DataError "data.format" for anything but an object
 */
export function clipOf(value: unknown, place: string, modalities: readonly string[]): Clip {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new DataError(
      "data.format",
      `${place}: expected an object of features by modality, got ${Array.isArray(value) ? "a list" : JSON.stringify(value)}`,
      {
        hint: `For example {${modalities.map((name) => `"${name}": [0.1, -0.2, ...]`).join(", ")}}.`,
      },
    );
  }
  const entries = Object.entries(value);
  const id: unknown = modalities.includes("id") ? undefined : entries.find(([key]) => key === "id")?.[1];
  if (id !== undefined && typeof id !== "string" && typeof id !== "number") {
    throw new DataError("data.format", `${place}: "id" must be a text or a number`, {
      hint: "Leave it out, or name the clip.",
    });
  }
  const features = Object.fromEntries(
    id === undefined ? entries : entries.filter(([key]) => key !== "id"),
  ) as Features;
  return { id, features, place };
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DataError(
      "data.format",
      `${place}: not JSON (${cause instanceof Error ? cause.message : String(cause)})`,
      {
        hint: "Give one JSON object of features by modality; in a .jsonl file, one per line.",
        cause,
      },
    );
  }
}

function unreadable(place: string, cause: unknown): DataError {
  return new DataError(
    "data.not-found",
    `${place}: cannot be read (${cause instanceof Error ? cause.message : String(cause)})`,
    { hint: "Check the path given to --features.", cause },
  );
}

/** The clip in a JSON file. */
export async function readClip(path: string, modalities: readonly string[]): Promise<Clip> {
  const place = `features ${path}`;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw unreadable(place, cause);
  }
  return clipOf(parseJson(decodeUtf8(bytes, place), place), place, modalities);
}

/** Clips of JSON lines, one at a time as they arrive. Empty lines are skipped. */
export async function* streamClips(
  input: NodeJS.ReadableStream,
  name: string,
  modalities: readonly string[],
): AsyncGenerator<Clip> {
  let number = 0;
  const lines = readLines(input, name);
  for (;;) {
    const { value: line, done } = await nextLine(lines, `features ${name}`);
    if (done) return;
    number += 1;
    if (line.trim() === "") continue;
    const place = `${name}, line ${number}`;
    yield clipOf(parseJson(line, place), place, modalities);
  }
}

/**
 * The next line; what the stream itself fails with (no such file, a folder) becomes an error that says so.
 */
async function nextLine(
  lines: AsyncGenerator<string>,
  place: string,
): Promise<IteratorResult<string, undefined>> {
  try {
    const next = await lines.next();
    return next.done === true ? { done: true, value: undefined } : { done: false, value: next.value };
  } catch (cause) {
    throw cause instanceof DataError ? cause : unreadable(place, cause);
  }
}
