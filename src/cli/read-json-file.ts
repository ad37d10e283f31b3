import { readFileSync, statSync } from "node:fs";
import { ConfigError } from "../core/errors.js";

export interface JsonFileOptions {
  /** For messages, e.g. "config file". */
  readonly what: string;
  /** The flag that names it, e.g. "--config". */
  readonly flag: string;
  /** What to do where it is not JSON. */
  readonly form: string;
  /** Bytes; given: only a file of its own (no pipe) of at most so many is read. */
  readonly largest?: number;
}

/** A JSON file that an option names; a byte order mark is skipped. @throws ConfigError "config.invalid" */
export function readJsonFile(path: string, options: JsonFileOptions): unknown {
  const { what, flag, form } = options;
  const problem = (text: string, hint: string, cause: unknown): ConfigError =>
    new ConfigError(
      "config.invalid",
      `${what} ${path}: ${text} (${cause instanceof Error ? cause.message : String(cause)})`,
      { hint, cause },
    );
  let text: string;
  try {
    text = readText(path, options);
  } catch (cause) {
    throw problem("cannot be read", `Check the path given to ${flag}.`, cause);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw problem("not JSON", form, cause);
  }
}

function readText(path: string, { what, largest }: JsonFileOptions): string {
  if (largest !== undefined) {
    const found = statSync(path);
    if (!found.isFile() || found.size > largest)
      throw new Error(
        found.isFile() ? `it has ${found.size} bytes, more than a ${what} can have` : "it is not a file",
      );
  }
  return readFileSync(path, "utf8");
}
