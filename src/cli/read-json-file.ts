import { readFileSync } from "node:fs";
import { ConfigError } from "../core/errors.js";

/** A JSON file that an option names. @param what for the message, e.g. "recipe" @throws ConfigError */
export function readJsonFile(path: string, what: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new ConfigError("config.invalid", `the ${what} ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { hint: "Give a JSON file.", cause });
  }
}
