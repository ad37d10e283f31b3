import type { z } from "zod";
import { ConfigError } from "../core/errors.js";
import type { Options } from "../core/nested-options.js";
import { readJsonFile } from "./read-json-file.js";
import { unknownKey } from "./schema-flags.js";

const FILE = {
  what: "config file",
  flag: "--config",
  form: 'The file must hold one JSON object, e.g. { "experts": { "count": 8 }, "epochs": 50 }.',
};

/**
 * Reads a JSON config file whose keys are the command's options in camelCase.
 * @param readFormer converts options with earlier names to the current ones
 * @throws ConfigError for a missing or unreadable file, text that is not a JSON object, and unknown keys
 */
export function readConfigFile(
  path: string,
  schema: z.ZodObject,
  readFormer: (values: Options) => Options = (values) => values,
): Options {
  const where = `config file ${path}`;
  const values = readFormer(asObject(readJsonFile(path, FILE), where));
  for (const key of Object.keys(values)) {
    if (!Object.hasOwn(schema.shape, key)) throw unknownKey(key, [], schema, where);
  }
  return values;
}

function asObject(parsed: unknown, where: string): Record<string, unknown> {
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new ConfigError(
      "config.invalid",
      `${where}: expected one JSON object, got ${Array.isArray(parsed) ? "a list" : JSON.stringify(parsed)}`,
      {
        hint: 'For example { "experts": { "count": 8 }, "epochs": 50 }.',
      },
    );
  }
  return Object.fromEntries(Object.entries(parsed));
}
