import { causeText } from "../core/cause-text.js";
import { ConfigError, DataError } from "../core/errors.js";
import { parseJson } from "../core/parse-json.js";
import { readSmallText } from "../data/files/read-small-file.js";
import { requireKind } from "../data/formats/file-kind.js";
import { readHead } from "../data/formats/file-source.js";

export interface JsonFileOptions {
  /** Name of the file's role in messages, e.g. "config file". */
  readonly what: string;
  /** Flag that names the file, e.g. "--config". */
  readonly flag: string;
  /** Hint if the file is not JSON. */
  readonly form: string;
}

/** Kinds that text with a JSON error may have. The parser then names the place of the error. */
const JSON_KINDS = ["json", "json-lines", "description", "text"] as const;

/** Largest accepted size of an option file, in bytes. */
const LARGEST = 2 ** 22;

/**
 * Reads a JSON file that an option names: a regular file of at most 4 MiB. Skips a byte order mark. The error
 * for a file of another kind (a pickle, an archive, a web page) names that kind.
 * @throws ConfigError "config.invalid", also for a duplicate key in an object
 */
export function readJsonFile(path: string, { what, flag, form }: JsonFileOptions): unknown {
  const problem = (text: string, hint: string, cause: unknown): ConfigError =>
    new ConfigError("config.invalid", `${what} ${path}: ${text} (${causeText(cause)})`, { hint, cause });
  let text: string;
  try {
    requireKind(readHead(path), path, { expected: JSON_KINDS, wanted: `a ${what} (JSON)` });
    text = readSmallText(path, { limit: LARGEST });
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    throw problem("cannot be read", cause.hint ?? `Check the path given to ${flag}.`, cause);
  }
  try {
    return parseJson(text);
  } catch (cause) {
    throw problem("not JSON", form, cause);
  }
}
