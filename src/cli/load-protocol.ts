import { existsSync } from "node:fs";
import { builtInProtocol } from "../protocols/built-in.js";
import { checkProtocol, type Protocol } from "../protocols/protocol.js";
import { readJsonFile } from "./read-json-file.js";

const FILE = {
  what: "protocol",
  flag: "--protocol",
  form: "configs/protocols has examples.",
};

/**
 * A built-in protocol by its name, or one of a file: a path that ends in .json, or that is there.
 * @throws ConfigError naming the file, the place in it, and what is wrong
 */
export function loadProtocol(source: string): Protocol {
  return isFile(source) ? checkProtocol(readJsonFile(source, FILE), source) : builtInProtocol(source);
}

/** No built-in protocol has a dot or a slash in its name. */
function isFile(source: string): boolean {
  return source.toLowerCase().endsWith(".json") || (/[./\\]/.test(source) && existsSync(source));
}
