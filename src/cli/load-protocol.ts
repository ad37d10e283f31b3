import { builtInProtocol } from "../protocols/built-in.js";
import { checkProtocol, type Protocol } from "../protocols/protocol.js";
import { readJsonFile } from "./read-json-file.js";

const FILE = {
  what: "protocol",
  flag: "--protocol",
  form: "configs/protocols has examples.",
};

/**
 * A built-in protocol by its name, or one of a file whose path ends in .json.
 * @throws ConfigError naming the file, the place in it, and what is wrong
 */
export function loadProtocol(source: string): Protocol {
  return source.toLowerCase().endsWith(".json")
    ? checkProtocol(readJsonFile(source, FILE), source)
    : builtInProtocol(source);
}
