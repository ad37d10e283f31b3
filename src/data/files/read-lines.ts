import { DataError } from "../../core/errors.js";

/** Longest accepted line in bytes. An endless line must not fill the memory. */
export const LONGEST_LINE = 1 << 28;

const NEWLINE = 10;

/** Line of a stream, or its error. */
export type Line =
  { readonly number: number; readonly text: string } | { readonly number: number; readonly error: DataError };

/**
 * Yields the lines of a stream as they arrive, without line ends (LF or CRLF) and without a byte order mark.
 * A line that is too long or not valid UTF-8 becomes an error, and reading continues.
 * @param name name of the stream, for messages
 * @param limit longest accepted line, in bytes
 */
export async function* readLines(
  input: NodeJS.ReadableStream,
  name: string,
  limit = LONGEST_LINE,
): AsyncGenerator<Line> {
  let number = 1;
  let pieces: Uint8Array[] = [];
  let length = 0;
  const add = (piece: Uint8Array): void => {
    length += piece.length;
    if (length > limit)
      pieces = []; // the line becomes an error
    else if (piece.length > 0) pieces.push(piece);
  };
  const take = (): Line => {
    const line = lineOf(length > limit ? undefined : Buffer.concat(pieces, length), number, name, limit);
    pieces = [];
    length = 0;
    number += 1;
    return line;
  };
  for await (const chunk of input) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      add(bytes.subarray(start, end));
      start = end + 1;
      yield take();
    }
    add(bytes.subarray(start));
  }
  if (length > 0) yield take();
}

/** @param bytes undefined for a line that is too long */
function lineOf(bytes: Uint8Array | undefined, number: number, name: string, limit: number): Line {
  const place = `${name}, line ${number}`;
  if (bytes === undefined)
    return {
      number,
      error: new DataError("data.format", `${place}: longer than ${limit} bytes`, {
        hint: "Give one JSON object per line.",
      }),
    };
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { number, text: text.endsWith("\r") ? text.slice(0, -1) : text };
  } catch (cause) {
    const hint = "Save it with the encoding UTF-8.";
    return { number, error: new DataError("data.format", `${place}: not valid UTF-8`, { hint, cause }) };
  }
}
