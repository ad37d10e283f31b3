import { MediaError } from "../core/errors.js";
import type { ByteSource } from "../data/formats/byte-source.js";

/** Files of one encoder in the layout of model hubs: a folder in Node, or files in memory in a browser. */
export interface EncoderFiles {
  /** Name for messages and the run's record, e.g. the folder. */
  readonly name: string;
  /** Opens a file for random access; undefined if it does not exist. */
  open(file: string): ByteSource | undefined;
}

/**
 * Reads a JSON object from one of the files.
 * @throws MediaError "media.damaged" for anything else
 */
export function jsonOf(files: EncoderFiles, file: string): Record<string, unknown> | undefined {
  const source = files.open(file);
  if (!source) return undefined;
  if (source.size > LARGEST_JSON)
    throw damagedFile(files, file, `it has ${source.size} bytes, too many for such a file`);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(source.read(0, source.size));
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch (cause) {
    throw damagedFile(files, file, "it is not JSON", cause);
  }
  throw damagedFile(files, file, "it is not a JSON object");
}

const LARGEST_JSON = 2 ** 27;

export function damagedFile(files: EncoderFiles, file: string, reason: string, cause?: unknown): MediaError {
  return new MediaError("media.damaged", `${file} of ${files.name} is not usable: ${reason}`, {
    hint: "Copy or download the encoder again.",
    ...(cause === undefined ? {} : { cause }),
  });
}

export function missingFile(files: EncoderFiles, file: string): MediaError {
  return new MediaError("media.not-found", `${files.name} has no ${file}`, {
    hint: "An encoder is a folder with config.json, model.safetensors and tokenizer.json.",
  });
}
