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
 * Folder of one run.
 *
 * A finished run has metrics.json, which is written last. An interrupted run has a checkpoint. Each file is
 * written under a temporary name and renamed, so that no file is ever incomplete. Only history.jsonl grows
 * line by line.
 */
export class RunFolder {
  private lock: FolderLock | undefined;

  private constructor(
    readonly path: string,
    private readonly options: RunFolderOptions,
  ) {}

  /**
   * Checks that a run may be written here. Writes nothing.
   *
   * @throws ConfigError "config.conflict" if the folder holds a run and neither `overwrite` nor `resume` is
   * set
   * @throws ConfigError "config.conflict" if another process is writing it, or it holds files that are not a
   * run
   */
  static open(path: string, options: RunFolderOptions): RunFolder {
    const { overwrite, resume } = options;
    const folder = new RunFolder(resolve(path), options);
    if (existsSync(folder.path) && !statSync(folder.path).isDirectory()) {
      throw new ConfigError(
        "config.conflict",
        `cannot write a run into ${folder.path}: expected a folder, found a file`,
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

  /**
   * Checks that the content of the folder allows this run.
   *
   * @throws ConfigError "config.conflict" if a run would be replaced, or there is no run to resume
   */
  private checkContent(): void {
    const { overwrite, resume } = this.options;
    const existing = (Object.keys(runFiles) as RunFile[]).find((file) => this.has(file));
    if (existing !== undefined && !isRunConfig(this.file("config"))) {
      throw new ConfigError(
        "config.conflict",
        `${this.path} holds a ${runFiles[existing]} that euar did not write and would replace`,
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
        hint: "Pass --resume to continue it, or --overwrite to start again.",
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
   * Creates and locks the folder, removes the files of an earlier run, and writes configuration and history.
   *
   * @throws ConfigError "config.conflict" if another process took the folder since it was opened
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

  /** Unlocks the folder. Call it at the end of every run, also after an error. */
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

  /** @param content a text, bytes, or pieces of bytes in their order */
  write(file: RunFile, content: string | Uint8Array | readonly Uint8Array[]): void {
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
      throw new EuarError("io.write", `cannot ${what} in ${this.path}: ${causeText(cause)}`, {
        cause,
        hint: "Check that the folder can be written and that the disk is not full.",
      });
    }
  }
}

/** Returns true if euar (of any version) wrote this config.json. */
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

/** Returns true if a file is the temporary file of a write that was killed. */
function isLeftOver(name: string): boolean {
  return Object.values(runFiles).some((file) => isUnfinished(name, file));
}

/**
 * Creates a folder and its parents. Node's recursive mkdir never returns on a file system (such as /proc)
 * that denies that a new folder's parent exists.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (!existsSync(path)) throw error; // otherwise another process just created it
  }
}
