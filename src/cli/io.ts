import { fileStream } from "../data/files/file-stream.js";
import { exitCodes } from "./exit-codes.js";

/** Streams and environment that commands use. Tests pass their own. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/**
 * Returns the streams of the real process. If the reader of the results closes the pipe (`| head`), the
 * process ends quietly, without a stack trace. If the reader of the progress closes its pipe, training
 * continues. Results that cannot be written for another reason (a full disk) are a failure.
 */
export function processIo(): Io {
  const stdout: OutputStream = fileStream(process.stdout.fd) ?? process.stdout;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    process.stderr.write(
      `error [io.write]: the result cannot be written: ${error.message}\nhint: Check the space left on ` +
        "the disk.\n",
    );
    process.exit(exitCodes.io);
  });
  process.stderr.on("error", () => undefined);
  return { stdin: process.stdin, stdout, stderr: process.stderr, env: process.env };
}

/**
 * Text styles for a stream: escape codes on a terminal, plain text elsewhere and under NO_COLOR
 * (https://no-color.org).
 */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
}

export function styleFor(stream: OutputStream, env: Io["env"]): Style {
  const coloured = stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
  const wrap =
    (open: number, close: number) =>
    (text: string): string =>
      coloured ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { bold: wrap(1, 22), dim: wrap(2, 22), red: wrap(31, 39), yellow: wrap(33, 39) };
}
