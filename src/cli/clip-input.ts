import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { DataError } from "../core/errors.js";
import type { Features } from "../train/feature-input.js";

/** One clip to score: its features by modality, and the name it was given. */
export interface Clip {
  readonly id: string | number | undefined;
  /** Checked by the model when it scores. */
  readonly features: Features;
  /** Where it came from, for messages. */
  readonly place: string;
}

/**
 * A clip from parsed JSON: an object of features by modality. The key "id" is a name, unless the model has a modality of that name.
 * @throws DataError "data.format" for anything but an object
 */
export function clipOf(value: unknown, place: string, modalities: readonly string[]): Clip {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new DataError("data.format", `${place}: expected an object of features by modality, got ${Array.isArray(value) ? "a list" : JSON.stringify(value)}`, {
      hint: `For example {${modalities.map((name) => `"${name}": [0.1, -0.2, ...]`).join(", ")}}.`,
    });
  }
  const entries = Object.entries(value);
  const id: unknown = modalities.includes("id") ? undefined : entries.find(([key]) => key === "id")?.[1];
  if (id !== undefined && typeof id !== "string" && typeof id !== "number") {
    throw new DataError("data.format", `${place}: "id" must be a text or a number`, { hint: "Leave it out, or name the clip." });
  }
  const features = Object.fromEntries(id === undefined ? entries : entries.filter(([key]) => key !== "id")) as Features;
  return { id, features, place };
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DataError("data.format", `${place}: not JSON (${cause instanceof Error ? cause.message : String(cause)})`, {
      hint: "Give one JSON object of features by modality; in a .jsonl file, one per line.",
      cause,
    });
  }
}

/** The clip in a JSON file. */
export async function readClip(path: string, modalities: readonly string[]): Promise<Clip> {
  const place = `features ${path}`;
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new DataError("data.not-found", `${place}: cannot be read (${cause instanceof Error ? cause.message : String(cause)})`, { hint: "Check the path given to --features.", cause });
  }
  return clipOf(parseJson(text.replace(/^\uFEFF/, ""), place), place, modalities);
}

/** Clips of JSON lines, one at a time as they arrive. Empty lines are skipped. */
export async function* streamClips(input: NodeJS.ReadableStream, name: string, modalities: readonly string[]): AsyncGenerator<Clip> {
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === "") continue;
    const place = `${name}, line ${number}`;
    yield clipOf(parseJson(line, place), place, modalities);
  }
}
