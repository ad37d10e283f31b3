import { readFileSync, statSync } from "node:fs";
import { ConfigError } from "../core/errors.js";
import { builtInProtocol } from "../protocols/built-in.js";
import { checkProtocol, type Protocol } from "../protocols/protocol.js";

/** Larger than any protocol. */
const LARGEST = 1 << 22;

/**
 * A built-in protocol by its name, or one of a file whose path ends in .json.
 * @throws ConfigError naming the file, the place in it, and what is wrong
 */
export function loadProtocol(source: string): Protocol {
  return source.toLowerCase().endsWith(".json") ? checkProtocol(parse(readText(source), source), source) : builtInProtocol(source);
}

function readText(path: string): string {
  try {
    const found = statSync(path);
    if (!found.isFile() || found.size > LARGEST) throw new Error(found.isFile() ? `it has ${found.size} bytes, more than a protocol can have` : "it is not a file");
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError("config.invalid", `protocol ${path}: cannot be read (${cause instanceof Error ? cause.message : String(cause)})`, { hint: "Check the path given to --protocol.", cause });
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new ConfigError("config.invalid", `protocol ${path}: not JSON (${cause instanceof Error ? cause.message : String(cause)})`, { hint: "configs/protocols has examples.", cause });
  }
}
