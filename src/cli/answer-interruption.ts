import { handlesInterruption, toJsonLine } from "./context.js";
import { INTERRUPTED } from "./exit-codes.js";
import type { Io } from "./io.js";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Prints one error object on stdout when Ctrl-C ends a command under --json. Does nothing for commands that
 * handle the interruption themselves.
 * @returns function that removes the signal listeners
 */
export function answerInterruption(
  io: Io,
  exit: (code: number) => void = (code) => {
    process.exit(code);
  },
): () => void {
  const listener = (): void => {
    if (handlesInterruption()) return;
    const error = {
      code: "io.interrupted",
      message: "the command was interrupted and has no result",
      hint: "Run it again.",
    };
    io.stderr.write(`error [${error.code}]: ${error.message}\n`);
    io.stdout.write(toJsonLine({ error }), () => {
      exit(INTERRUPTED);
    });
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener);
  };
}
