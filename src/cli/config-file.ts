import { readFileSync } from "node:fs";
import type { z } from "zod";
import { ConfigError } from "../core/errors.js";
import { unknownKey } from "./schema-flags.js";

/**
 * The values of a JSON config file whose keys are the command's, in camelCase.
 * @throws ConfigError for a missing or unreadable file, text that is not a JSON object, and keys that the command does not have
 */
export function readConfigFile(path: string, schema: z.ZodObject): Record<string, unknown> {
  const where = `config file ${path}`;
  const values = parseObject(readText(path), where);
  for (const key of Object.keys(values)) {
    if (!Object.hasOwn(schema.shape, key)) throw unknownKey(key, [], schema, where);
  }
  return values;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError("config.invalid", `config file ${path}: cannot be read (${cause instanceof Error ? cause.message : String(cause)})`, {
      hint: "Check the path given to --config.",
      cause,
    });
  }
}

function parseObject(text: string, where: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new ConfigError("config.invalid", `${where}: not JSON (${cause instanceof Error ? cause.message : String(cause)})`, {
      hint: 'The file must hold one JSON object, e.g. { "experts": 8, "epochs": 50 }.',
      cause,
    });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new ConfigError("config.invalid", `${where}: expected one JSON object, got ${Array.isArray(parsed) ? "a list" : JSON.stringify(parsed)}`, {
      hint: 'For example { "experts": 8, "epochs": 50 }.',
    });
  }
  return Object.fromEntries(Object.entries(parsed));
}
