import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../../core/is-record.js";
import { parseJson } from "../../core/parse-json.js";
import { readSmallText } from "../../data/files/read-small-file.js";
import { runFiles } from "../../runs/run-files.js";
import { notFound } from "../not-found.js";
import { isRunName } from "./run-name.js";

/** Contents of a run folder. Missing parts are null. */
export interface RunContent {
  /** The resolved configuration with its hash. */
  readonly config: Readonly<Record<string, unknown>> | null;
  /** Metrics, coverage and warnings of a finished run. */
  readonly results: Readonly<Record<string, unknown>> | null;
  /** True if an interrupted run can be resumed. */
  readonly hasCheckpoint: boolean;
}

/** Largest file of a run that is read here, in bytes. */
const LARGEST = 2 ** 26;

/** Runs of one folder, by name. */
export class RunFolders {
  constructor(readonly folder: string) {}

  /** Returns the folder of a run. The name must be valid, see `isRunName`. */
  pathOf(name: string): string {
    return join(this.folder, name);
  }

  /** Returns the names of the runs that have a configuration, sorted. */
  names(): readonly string[] {
    if (!existsSync(this.folder)) return [];
    return readdirSync(this.folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && isRunName(entry.name))
      .map(({ name }) => name)
      .filter((name) => existsSync(join(this.pathOf(name), runFiles.config)))
      .sort();
  }

  /** Reads a run folder. */
  read(name: string): RunContent {
    const folder = this.pathOf(name);
    return {
      config: readObject(join(folder, runFiles.config)),
      results: readObject(join(folder, runFiles.metrics)),
      hasCheckpoint: existsSync(join(folder, runFiles.checkpoint)),
    };
  }

  /** Returns true if the run has weights. */
  isFinished(name: string): boolean {
    return existsSync(join(this.pathOf(name), runFiles.metrics));
  }

  /** Returns the names of the finished runs, sorted. */
  finishedNames(): readonly string[] {
    return this.names().filter((name) => this.isFinished(name));
  }

  /**
   * Returns the folder of a finished run.
   * @throws ServerError "server.not-found"
   */
  finishedPathOf(name: string): string {
    const finished = this.finishedNames();
    if (!finished.includes(name)) throw notFound("finished run", name, finished);
    return this.pathOf(name);
  }

  /** Returns the records of the epochs so far. Omits an incomplete last line. */
  history(name: string): readonly Readonly<Record<string, unknown>>[] {
    const file = join(this.pathOf(name), runFiles.history);
    if (!existsSync(file)) return [];
    const lines = readSmallText(file, { limit: LARGEST }).split("\n").slice(0, -1);
    return lines.map((line) => parse(line)).filter((record) => record !== null);
  }
}

function readObject(file: string): Readonly<Record<string, unknown>> | null {
  return existsSync(file) ? parse(readSmallText(file, { limit: LARGEST })) : null;
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value = parseJson(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}
