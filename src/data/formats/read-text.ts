import { readSmallFile } from "../files/read-small-file.js";
import { type FileUse, requireKind } from "./file-kind.js";
import { parseTable, type TextTable } from "./table.js";
import { requireUnicode } from "./text-encoding.js";

/** Largest table of labels in bytes. */
const LARGEST_TEXT = 2 ** 29;

export const TABLE: FileUse = {
  expected: ["table", "json-lines", "json", "text"],
  wanted: "a table (.csv, .tsv or .jsonl)",
};

/**
 * Reads a text in UTF-8, or in UTF-16 with a byte order mark.
 * @throws DataError "data.not-found", "data.format" for another kind of file or another encoding
 */
export function readText(path: string, use: FileUse): string {
  const bytes = readSmallFile(path, { limit: LARGEST_TEXT });
  requireKind(bytes, path, use);
  return requireUnicode(bytes, path);
}

/**
 * Reads a table of text columns.
 *
 * @throws DataError "data.not-found", "data.format"
 */
export function readTable(path: string): TextTable {
  return parseTable(readText(path, TABLE), path);
}
