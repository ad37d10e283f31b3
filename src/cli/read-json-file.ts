import { causeText } from "../core/cause-text.js";
import { ConfigError, DataError } from "../core/errors.js";
import { parseJson } from "../core/parse-json.js";
import { readSmallText } from "../data/files/read-small-file.js";
import { requireKind } from "../data/formats/file-kind.js";
import { readHead } from "../data/formats/file-source.js";

export interface JsonFileOptions {
  /** For messages, e.g. "config file". */
  readonly what: string;
  /** The flag that names it, e.g. "--config". */
  readonly flag: string;
  /** What to do where it is not JSON. */
  readonly form: string;
}

/** What text that is no JSON may be: its parser names the place. */
const JSON_KINDS = ["json", "json-lines", "description", "text"] as const;

/** Bytes of the largest file of options. */
const LARGEST = 2 ** 22;

/**
 * Reads a JSON file that an option names: a regular file of at most 4 MiB. A byte order mark is skipped.
 * A file of another kind (a pickle, an archive, a web page) is called by its name.
 * @throws ConfigError "config.invalid", also for a key that an object has twice
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
