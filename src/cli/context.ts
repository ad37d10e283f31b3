import type { Io, Style } from "./io.js";
import type { JobsOverview } from "./jobs-overview.js";
import { styleFor } from "./io.js";
import type { Progress } from "./progress.js";

/** Environment of a running command. stdout carries only the result; all other output goes to stderr. */
export interface CommandContext {
  readonly io: Io;
  readonly json: boolean;
  /** Styles for stdout. */
  readonly style: Style;
  /** Prints the command's result: `data` under --json, `text` otherwise. */
  readonly result: (data: unknown, text: string) => void;
  /** Prints one of many results on stdout, with a line end. Waits until the reader can accept more. */
  readonly line: (text: string) => Promise<void>;
  /** Prints a line on stderr, unless --quiet. */
  readonly log: (line: string) => void;
  /** Prints a warning on stderr. */
  readonly warn: (line: string) => void;
  readonly progress: (label: string, total: number) => Promise<Progress>;
  readonly jobsOverview: (label: string) => Promise<JobsOverview>;
  /**
   * Returns a signal that the first Ctrl-C aborts. The second Ctrl-C ends the process at once. `onAbort` is
   * printed on stderr at the first one.
   */
  readonly interruptible: (onAbort: string) => { readonly signal: AbortSignal; readonly release: () => void };
}

/**
 * Returns one line of JSON. Numbers without a JSON form (NaN, infinities) become null; typed arrays become
 * lists.
 */
export function toJsonLine(value: unknown): string {
  const plain = (_: string, entry: unknown): unknown =>
    isTypedArray(entry) ? Array.from<unknown>(entry) : entry;
  return `${JSON.stringify(value, plain)}\n`;
}

function isTypedArray(value: unknown): value is Float32Array | Float64Array | Int32Array | Uint8Array {
  return (
    value instanceof Float32Array ||
    value instanceof Float64Array ||
    value instanceof Int32Array ||
    value instanceof Uint8Array
  );
}

/** Number of running commands that handle Ctrl-C themselves. */
let handlers = 0;

/** Returns true if a running command handles Ctrl-C itself. */
export function handlesInterruption(): boolean {
  return handlers > 0;
}

export function createContext(
  io: Io,
  flags: { readonly json: boolean; readonly quiet: boolean },
): CommandContext {
  const errorStyle = styleFor(io.stderr, io.env);
  return {
    io,
    json: flags.json,
    style: styleFor(io.stdout, io.env),
    result: (data, text) => {
      io.stdout.write(flags.json ? toJsonLine(data) : text.endsWith("\n") ? text : `${text}\n`);
    },
    line: async (text) => {
      if (!io.stdout.write(text)) await new Promise((resolve) => io.stdout.once("drain", resolve));
    },
    log: (line) => {
      if (!flags.quiet) io.stderr.write(`${line}\n`);
    },
    warn: (line) => {
      io.stderr.write(`${errorStyle.yellow("warning:")} ${line}\n`);
    },
    // loaded only when a command shows a bar
    progress: async (label, total) => {
      const { startProgress } = await import("./progress.js");
      return startProgress(io.stderr, { label, total, quiet: flags.quiet });
    },
    jobsOverview: async (label) => {
      const { startJobsOverview } = await import("./jobs-overview.js");
      return startJobsOverview(io.stderr, { label, quiet: flags.quiet });
    },
    interruptible: (onAbort) => {
      const controller = new AbortController();
      const listener = (): void => {
        if (controller.signal.aborted) process.exit(130);
        io.stderr.write(`\n${onAbort} Press Ctrl-C again to stop at once.\n`);
        controller.abort();
      };
      handlers += 1;
      process.on("SIGINT", listener);
      process.on("SIGTERM", listener);
      return {
        signal: controller.signal,
        release: () => {
          handlers -= 1;
          process.off("SIGINT", listener);
          process.off("SIGTERM", listener);
        },
      };
    },
  };
}
