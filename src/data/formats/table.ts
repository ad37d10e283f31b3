import { causeText } from "../../core/cause-text.js";
import { DataError } from "../../core/errors.js";
import { isRecord } from "../../core/is-record.js";
import { suggestion } from "../../core/nearest.js";
import { parseJson } from "../../core/parse-json.js";

/** Table of strings, read column by column. */
export interface TextTable {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly string[];
  /** @throws DataError "data.format" for an unknown column */
  column(name: string): readonly string[];
}

/**
 * Parses a table by the ending of its name: .tsv (tabs, no quoting), .csv (RFC 4180 quoting), .jsonl (one
 * object per line).
 * @throws DataError "data.format" naming the line
 */
export function parseTable(text: string, name: string): TextTable {
  const lower = name.toLowerCase();
  const body = text.replace(/^\ufeff/, "");
  if (lower.endsWith(".jsonl")) return fromObjects(parseJsonLines(body, name), name);
  if (lower.endsWith(".tsv"))
    return fromRows(
      splitLines(body).map((line) => line.split("\t")),
      name,
    );
  if (lower.endsWith(".csv")) return fromRows(parseCsv(body, name), name);
  throw new DataError("data.format", `${name}: a table must end in .tsv, .csv or .jsonl.`, {
    hint: "Rename or convert it.",
  });
}

// Number() alone also accepts "0x10" and "0b1", which are not labels.
const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i;

/** Returns true for the text of a finite number. */
export function isTableNumber(text: string): boolean {
  return NUMBER.test(text) && Number.isFinite(Number(text));
}

/**
 * Parses a number in a table.
 * @throws DataError "data.invalid-value" naming the row
 */
export function tableNumber(text: string, place: string): number {
  if (isTableNumber(text)) return Number(text);
  throw new DataError("data.invalid-value", `${place}: "${text}" is not a finite number.`, {
    hint: "Labels must be numbers: remove or correct the row.",
  });
}

function splitLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  while (lines.length > 0 && lines[lines.length - 1] === "") lines.pop();
  return lines;
}

function fromRows(rows: readonly (readonly string[])[], name: string): TextTable {
  const [header = [], ...body] = rows;
  body.forEach((row, i) => {
    if (row.length === header.length) return;
    throw new DataError(
      "data.format",
      `${name}, row ${i + 1}: ${row.length} fields, but the header has ${header.length}.`,
      { hint: "Every row needs one field per column." },
    );
  });
  return makeTable(name, header, body.length, (_column, index) => body.map((row) => row[index] ?? ""));
}

function fromObjects(objects: readonly Readonly<Record<string, unknown>>[], name: string): TextTable {
  const columns = Object.keys(objects[0] ?? {});
  return makeTable(name, columns, objects.length, (column) =>
    objects.map((object, i) => {
      const value = Object.hasOwn(object, column) ? object[column] : undefined;
      if (typeof value === "string") return value;
      if (typeof value === "number" || typeof value === "boolean") return String(value);
      throw new DataError("data.format", `${name}, line ${i + 1}: "${column}" must be a string or a number.`);
    }),
  );
}

function makeTable(
  name: string,
  columns: readonly string[],
  rows: number,
  read: (column: string, index: number) => readonly string[],
): TextTable {
  const twice = columns.find((column, i) => columns.indexOf(column) < i);
  if (twice !== undefined)
    throw new DataError("data.format", `${name} has two columns "${twice}".`, {
      hint: "Rename or remove one of them.",
    });
  return {
    name,
    rows,
    columns,
    column(wanted) {
      const index = columns.indexOf(wanted);
      if (index < 0)
        throw new DataError("data.format", `${name} has no column "${wanted}".`, {
          hint: suggestion(wanted, columns),
        });
      return read(wanted, index);
    },
  };
}

function parseJsonLines(text: string, name: string): Record<string, unknown>[] {
  return splitLines(text).map((line, i) => {
    const value = parseLine(line, `${name}, line ${i + 1}`);
    if (isRecord(value)) return value;
    throw new DataError("data.format", `${name}, line ${i + 1}: a JSON object was expected.`);
  });
}

function parseLine(line: string, place: string): unknown {
  try {
    return parseJson(line);
  } catch (cause) {
    throw new DataError("data.format", `${place} is not valid JSON: ${causeText(cause)}`, {
      hint: "Correct it at the place named.",
      cause,
    });
  }
}

/** Maximum number of fields of a header, and of a row in addition to those of its header. */
const MOST_FIELDS = 100_000;

/**
 * Parses CSV (RFC 4180): fields in double quotes may contain commas, line ends and doubled quotes. Searches
 * for the next delimiter, because a pattern for a complete field runs out of stack on a long field.
 */
function parseCsv(text: string, name: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const end = endOfField(text, at);
    const raw = text.slice(at, end);
    row.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (row.length > (rows[0]?.length ?? MOST_FIELDS) + MOST_FIELDS)
      throw new DataError(
        "data.format",
        `${name}, row ${rows.length}: it has ${row.length} fields or more.`,
        {
          hint: "Check that the file is a table, and that each row ends with a line end.",
        },
      );
    const separator = text.startsWith("\r\n", end) ? "\r\n" : (text[end] ?? "");
    if (![",", "\r\n", "\n", ""].includes(separator))
      throw new DataError("data.format", `${name}, row ${rows.length}: a quote is misplaced or not closed.`);
    at = end + separator.length;
    if (separator === ",") continue;
    rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push([...row, ""]); // the text ended after a comma
  return rows;
}

/**
 * Returns the end of the field that starts at `at`; for a quote that is not closed, the place of the quote.
 */
function endOfField(text: string, at: number): number {
  if (text[at] !== '"') {
    const sign = /[",\r\n]/g;
    sign.lastIndex = at;
    return sign.exec(text)?.index ?? text.length;
  }
  for (let quote = text.indexOf('"', at + 1); quote >= 0; quote = text.indexOf('"', quote + 2))
    if (text[quote + 1] !== '"') return quote + 1;
  return at;
}
