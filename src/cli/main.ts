import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { type Command, HelpShown } from "./command.js";
import { toJsonLine } from "./context.js";
import { answerInterruption } from "./answer-interruption.js";
import { asEuarError, exitCodeOf } from "./exit-codes.js";
import { type Io, processIo, styleFor } from "./io.js";
import { ReportedFailure } from "./partial-failure.js";
import { commands, isCommandName } from "./registry.js";

/**
 * Runs one command line.
 * @param argv arguments after `euar`
 * @returns the exit code, see docs/errors.md
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const debug = argv.includes("--debug");
  const release = argv.includes("--json") ? answerInterruption(io) : () => undefined;
  try {
    await dispatch(argv, io);
    return 0;
  } catch (thrown) {
    if (thrown instanceof HelpShown) return 0;
    return report(thrown, io, { json: argv.includes("--json"), debug });
  } finally {
    release();
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<void> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    const topic = rest[0];
    if (name === "help" && topic !== undefined) await dispatch([topic, "--help"], io);
    else io.stdout.write(await overview());
    return;
  }
  if (name === "--version" || name === "-V") {
    io.stdout.write(`${await version()}\n`);
    return;
  }
  if (!isCommandName(name)) {
    throw new ConfigError("config.unknown-key", `euar: unknown command "${name}"`, {
      hint: suggestion(name, Object.keys(commands)),
    });
  }
  const command: Command = await commands[name].load();
  await command.execute(rest, io);
}

async function overview(): Promise<string> {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    `euar ${await version()}: train, stress-test and explain multimodal sentiment models that notice ` +
      "bad inputs.",
    "",
    "Usage: euar <command> [options]",
    "",
    ...lines,
    "",
    "euar <command> --help shows a command's options. docs/cli.md lists all options.",
    "",
  ].join("\n");
}

async function version(): Promise<string> {
  const { packageVersion } = await import("./version.js");
  return packageVersion();
}

/**
 * Reports an error: as text on stderr and, under --json, as one object on stdout.
 * @returns the exit code
 */
function report(thrown: unknown, io: Io, flags: { readonly json: boolean; readonly debug: boolean }): number {
  const error = asEuarError(thrown);
  const style = styleFor(io.stderr, io.env);
  io.stderr.write(`${style.red("error")} [${error.code}]: ${error.message}\n`);
  if (error.hint !== undefined) io.stderr.write(`${style.dim("hint:")} ${error.hint}\n`);
  if (flags.debug) io.stderr.write(`${stackOf(thrown)}\n`);
  if (flags.json && !(thrown instanceof ReportedFailure))
    io.stdout.write(
      toJsonLine({ error: { code: error.code, message: error.message, hint: error.hint ?? null } }),
    );
  return exitCodeOf(error.code);
}

function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const own = thrown.stack ?? thrown.message;
  return thrown.cause === undefined ? own : `${own}\ncaused by: ${stackOf(thrown.cause)}`;
}
