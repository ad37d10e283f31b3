import { existsSync } from "node:fs";
import { DataError } from "../../core/errors.js";
import { openReadStream } from "../../data/files/open-read-stream.js";
import { readSmallText } from "../../data/files/read-small-file.js";
import { appendToFile } from "../../data/files/write-file.js";
import { type CommandContext, toJsonLine } from "../context.js";
import { plainPrediction } from "./score-features.js";
import { streamRawLines } from "./raw-input.js";
import { errorAnswer } from "./error-answer.js";
import { type Answer, answerRaw, type RawScoring } from "./score-raw.js";
import { Tally } from "./tally.js";
import { type ArrivedFile, requireNoInput, watchFolder } from "./watch-folder.js";

/**
 * Scores JSON lines of raw inputs in order, each before the next is read.
 * @param source "-" for stdin, or a .jsonl file
 * @throws PartialFailure after the last line if any input could not be scored
 * @throws DataError "data.empty" without a line
 */
export async function predictStream(
  source: string,
  scoring: RawScoring,
  context: CommandContext,
): Promise<void> {
  const [stream, name] = source === "-" ? [context.io.stdin, "stdin"] : [openReadStream(source), source];
  const tally = new Tally();
  for await (const line of streamRawLines(stream, name)) {
    scoring.signal.throwIfAborted();
    const answer: Answer =
      line.kind === "bad"
        ? { ...(line.id !== undefined && { id: line.id }), ...errorAnswer(line.error) }
        : await answerRaw(line.input, scoring);
    tally.add(answer);
    await context.line(answerLine(answer, String(tally.total), context.json));
  }
  if (tally.total === 0)
    throw new DataError("data.empty", "euar predict: the input has no samples", {
      hint: "Give one JSON object per line.",
    });
  tally.finish();
}

export interface Watching {
  readonly folder: string;
  /** Seconds between two scans. */
  readonly interval: number;
  /**
   * File to append results to, as JSON lines. Files with a result in it are not scored again. Undefined:
   * stdout.
   */
  readonly out: string | undefined;
}

/** Scores the files of a folder as they arrive, until interrupted. */
export async function predictWatched(
  { folder, interval, out }: Watching,
  scoring: RawScoring,
  context: CommandContext,
): Promise<void> {
  if (out !== undefined) requireNoInput(out, folder);
  const done = out === undefined ? new Set<string>() : scoredIn(out);
  context.log(`Watching ${folder}. Press Ctrl-C to end.`);
  for await (const { path, name, version } of watchFolder(
    folder,
    interval,
    (file) => done.has(keyOf(file)),
    scoring.signal,
  )) {
    const answer = await answerOrNothing(path, scoring);
    if (answer === undefined) return; // interrupted: the file is scored at the next start
    const line = { file: name, version, ...answer };
    if (out === undefined) await context.line(answerLine(line, name, context.json));
    else appendToFile(out, toJsonLine(line));
    context.log("error" in answer ? `${name}: ${answer.error.message}` : `${name}: ${answer.verdict}`);
  }
}

async function answerOrNothing(path: string, scoring: RawScoring): Promise<Answer | undefined> {
  try {
    return await answerRaw({ id: undefined, files: { clip: path } }, scoring);
  } catch (error) {
    if (scoring.signal.aborted) return undefined;
    throw error;
  }
}

function keyOf({ name, version }: Pick<ArrivedFile, "name" | "version">): string {
  return `${name}\0${version}`;
}

/** Returns the files with a result. Ignores a line that a crash cut off. */
function scoredIn(out: string): Set<string> {
  if (!existsSync(out)) return new Set();
  const text = readSmallText(out, { limit: 2 ** 29 });
  if (text !== "" && !text.endsWith("\n")) appendToFile(out, "\n");
  return new Set(text.split("\n").flatMap((line) => keysOf(line)));
}

function keysOf(line: string): string[] {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null && "file" in value && "version" in value)
      return [keyOf({ name: String(value.file), version: String(value.version) })];
  } catch {
    // not a line that euar wrote
  }
  return [];
}

/**
 * Formats the result of one input.
 * @param name name of the input in a text line, if it has no id
 */
function answerLine(answer: Answer, name: string, json: boolean): string {
  if (json) return toJsonLine(answer);
  const label = answer.id ?? answer.clip ?? name;
  return "error" in answer
    ? `${label}\terror [${answer.error.code}]: ${answer.error.message}\n`
    : `${label}\t${plainPrediction(answer)}\t${answer.verdict}\n`;
}
