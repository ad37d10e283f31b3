import { existsSync } from "node:fs";
import { builtInProtocol } from "../protocols/built-in.js";
import { checkProtocol } from "../protocols/protocol.js";
import type { Protocol } from "../protocols/protocol-schema.js";
import { readJsonFile } from "./read-json-file.js";

const FILE = {
  what: "protocol",
  flag: "--protocol",
  form: "configs/protocols has examples.",
};

/**
 * Loads a built-in protocol by its name, or one from a file: a path that ends in .json or that exists.
 * @throws ConfigError naming the file, the place in it, and the problem
 */
export function loadProtocol(source: string): Protocol {
  return isFile(source) ? checkProtocol(readJsonFile(source, FILE), source) : builtInProtocol(source);
}

/** Returns true if a source is a path. Names of built-in protocols have no dot or slash. */
function isFile(source: string): boolean {
  return source.toLowerCase().endsWith(".json") || (/[./\\]/.test(source) && existsSync(source));
}
