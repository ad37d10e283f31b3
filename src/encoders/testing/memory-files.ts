import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { memorySource } from "../../data/formats/byte-source.js";
import type { EncoderFiles } from "../encoder-files.js";

export type FileContents = Record<string, Uint8Array>;

/** Reads the files of a folder into memory, so that a test can damage them. */
export function contentsOf(folder: string): FileContents {
  return Object.fromEntries(
    readdirSync(folder).map((file) => [file, new Uint8Array(readFileSync(join(folder, file)))]),
  );
}

export function memoryFiles(contents: FileContents): EncoderFiles {
  return {
    name: "models/spoilt",
    open: (file) => (contents[file] ? memorySource(contents[file], file) : undefined),
  };
}

/** Makes a safetensors file with the given header, valid or not, and a number of value bytes. */
export function safetensorsWith(header: unknown, bytes: number, announced?: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + bytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(announced ?? text.length), true);
  file.set(text, 8);
  return file;
}
