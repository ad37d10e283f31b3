import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { causeText } from "../core/cause-text.js";
import { ConfigError, EuarError } from "../core/errors.js";
import { readSmallText } from "../data/files/read-small-file.js";
import { appendToFile, isUnfinished, writeFile } from "../data/files/write-file.js";
import { FolderLock } from "./folder-lock.js";
import type { EpochRecord, RunConfig } from "./results.js";
import { readTensorFile } from "./read-tensor-file.js";
import { type RunFile, runFiles } from "./run-files.js";

export interface RunFolderOptions {
  readonly overwrite: boolean;
  readonly resume: boolean;
}

/**
 * The folder of one run. A finished run has metrics.json, which is written last; an interrupted one has a
 * checkpoint. Each file is written under another name and renamed, so that none is ever half there;
 * history.jsonl alone grows line by line.
 */
export class RunFolder {
  private lock: FolderLock | undefined;

  private constructor(
    readonly path: string,
    private readonly options: RunFolderOptions,
  ) {}

  /**
   * Makes sure that a run may be written here, without writing anything yet.
   * @throws ConfigError "config.conflict" if the folder holds a finished or an interrupted run that nobody
   * said what to do with, is being written
   *   by another process, or holds files of the same names that are no run
   */
  static open(path: string, options: RunFolderOptions): RunFolder {
    const { overwrite, resume } = options;
    const folder = new RunFolder(resolve(path), options);
    if (existsSync(folder.path) && !statSync(folder.path).isDirectory()) {
      throw new ConfigError(
        "config.conflict",
        `cannot write a run into ${folder.path}: it is a file, a folder is needed`,
        { hint: "Choose another --out." },
      );
    }
    if (overwrite && resume) {
      throw new ConfigError("config.conflict", "a run cannot be both resumed and overwritten", {
        hint: "Give --resume or --overwrite, not both.",
      });
    }
    FolderLock.check(folder.path);
    folder.checkContent();
    return folder;
  }

  /** @throws ConfigError "config.conflict" for what must not be replaced, or is not there to be resumed */
  private checkContent(): void {
    const { overwrite, resume } = this.options;
    const foreign = (Object.keys(runFiles) as RunFile[]).find((file) => this.has(file));
    if (foreign !== undefined && !isRunConfig(this.file("config"))) {
      throw new ConfigError(
        "config.conflict",
        `${this.path} holds a ${runFiles[foreign]} that a run would replace, but no run of euar`,
        { hint: "Choose another --out." },
      );
    }
    if (this.has("metrics") && !overwrite) {
      throw new ConfigError("config.conflict", `${this.path} holds a finished run`, {
        hint: "Choose another --out, or pass --overwrite to replace it.",
      });
    }
    if (this.has("checkpoint") && !overwrite && !resume) {
      throw new ConfigError("config.conflict", `${this.path} holds an interrupted run`, {
        hint: "Pass --resume to go on with it, or --overwrite to start anew.",
      });
    }
    if (resume && !this.has("checkpoint")) {
      throw new ConfigError("config.conflict", `there is no interrupted run to resume in ${this.path}`, {
        hint: "Start the run without --resume.",
      });
    }
  }

  has(file: RunFile): boolean {
    return existsSync(this.file(file));
  }

  file(file: RunFile): string {
    return join(this.path, runFiles[file]);
  }

  readCheckpoint(): Uint8Array {
    return readTensorFile(this.file("checkpoint"));
  }

  /**
   * Creates the folder, locks it, removes what an earlier run left (and nothing else), and writes the
   * configuration and the history so far.
   * @throws ConfigError "config.conflict" if somebody else has come first since the folder was opened
   */
  begin(
    config: RunConfig,
    hash: string,
    source: Readonly<Record<string, unknown>> | undefined,
    history: readonly EpochRecord[],
  ): void {
    this.attempt("create the run folder", () => {
      makeFolder(this.path);
    });
    this.attempt("lock the run folder", () => {
      this.lock = FolderLock.take(this.path);
    });
    this.checkContent();
    this.attempt("clear the run folder", () => {
      for (const name of readdirSync(this.path).filter(isLeftOver))
        rmSync(join(this.path, name), { force: true });
      for (const file of ["metrics", "predictionsValid", "predictionsTest", "weights"] as const)
        rmSync(this.file(file), { force: true });
      if (history.length === 0) rmSync(this.file("checkpoint"), { force: true });
    });
    this.writeJson("config", { ...config, ...(source && { source }), hash });
    this.write("history", history.map((record) => `${JSON.stringify(record)}\n`).join(""));
  }

  /** Lets others write the folder. To be called however the run ended. */
  close(): void {
    this.lock?.release();
    this.lock = undefined;
  }

  appendHistory(record: EpochRecord): void {
    appendToFile(this.file("history"), `${JSON.stringify(record)}\n`);
  }

  writeJson(file: RunFile, value: unknown): void {
    this.write(file, `${JSON.stringify(value, null, 2)}\n`);
  }

  write(file: RunFile, content: string | Uint8Array): void {
    writeFile(this.file(file), content);
  }

  remove(file: RunFile): void {
    this.attempt(`remove ${runFiles[file]}`, () => {
      rmSync(this.file(file), { force: true });
    });
  }

  private attempt(what: string, work: () => void): void {
    try {
      work();
    } catch (cause) {
      if (cause instanceof EuarError) throw cause;
      throw new EuarError(
        "io.write",
        `cannot ${what} in ${this.path}: ${causeText(cause)}`,
        {
          cause,
          hint: "Check that the folder can be written and that the disk is not full.",
        },
      );
    }
  }
}

/** Whether a config.json was written by euar, of whatever version. */
function isRunConfig(path: string): boolean {
  try {
    const value: unknown = JSON.parse(readSmallText(path));
    return (
      typeof value === "object" &&
      value !== null &&
      "format" in value &&
      typeof value.format === "string" &&
      value.format.startsWith("euar-run/")
    );
  } catch {
    return false;
  }
}

/** A file under the temporary name that an atomic write gives it: the process was killed while it wrote. */
function isLeftOver(name: string): boolean {
  return Object.values(runFiles).some((file) => isUnfinished(name, file));
}

/**
 * As mkdir -p. Node's own recursive mkdir never returns where a file system (such as /proc) denies that a new
 * folder's parent exists.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (!existsSync(path)) throw error; // else another process has just made it
  }
}
