import { DataError } from "../core/errors.js";

/** No clip is longer than this; an endless line must not fill the memory. */
export const LONGEST_LINE = 1 << 28;

const NEWLINE = 10;

/**
 * The lines of a stream as they arrive, without their ends (LF or CRLF) and without a byte order mark before
 * the first.
 * @param name of the stream, for messages
 * @param limit bytes of the longest line that is accepted
 * @throws DataError "data.format" for a line that is too long or not valid UTF-8, naming it
 */
export async function* readLines(
  input: NodeJS.ReadableStream,
  name: string,
  limit = LONGEST_LINE,
): AsyncGenerator<string> {
  let number = 1;
  let pieces: Uint8Array[] = [];
  let length = 0;
  const add = (piece: Uint8Array): void => {
    length += piece.length;
    if (length > limit)
      throw new DataError("data.format", `${name}, line ${number}: longer than ${limit} bytes`, {
        hint: "Give one JSON object per line.",
      });
    if (piece.length > 0) pieces.push(piece);
  };
  const take = (): string => {
    const text = decodeUtf8(Buffer.concat(pieces, length), `${name}, line ${number}`);
    pieces = [];
    length = 0;
    number += 1;
    return text.endsWith("\r") ? text.slice(0, -1) : text;
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

/**
 * Bytes as text, without a byte order mark. @throws DataError "data.format" for what is not valid UTF-8,
 * which would otherwise become other text unnoticed
 */
export function decodeUtf8(bytes: Uint8Array, place: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DataError("data.format", `${place}: not valid UTF-8`, {
      hint: "Save it with the encoding UTF-8.",
      cause,
    });
  }
}
