import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { ConfigError, EuarError } from "../core/errors.js";
import type { EpochRecord, RunConfig } from "./results.js";
import { type RunFile, runFiles } from "./run-files.js";

export interface RunFolderOptions {
  readonly overwrite: boolean;
  readonly resume: boolean;
}

/**
 * The folder of one run. A finished run has metrics.json, which is written last; an interrupted one has a checkpoint. Each file is
 * written under another name and renamed, so that none is ever half there; history.jsonl alone grows line by line.
 */
export class RunFolder {
  private constructor(readonly path: string) {}

  /**
   * Makes sure that a run may be written here, without writing anything yet.
   * @throws ConfigError "config.conflict" if the folder holds a finished or an interrupted run that nobody said what to do with
   */
  static open(path: string, { overwrite, resume }: RunFolderOptions): RunFolder {
    const folder = new RunFolder(resolve(path));
    if (existsSync(folder.path) && !statSync(folder.path).isDirectory()) {
      throw new ConfigError("config.conflict", `cannot write a run into ${folder.path}: it is a file, a folder is needed`, { hint: "Choose another --out." });
    }
    if (overwrite && resume) {
      throw new ConfigError("config.conflict", "a run cannot be both resumed and overwritten", { hint: "Give --resume or --overwrite, not both." });
    }
    if (folder.has("metrics") && !overwrite) {
      throw new ConfigError("config.conflict", `${folder.path} holds a finished run`, { hint: "Choose another --out, or pass --overwrite to replace it." });
    }
    if (folder.has("checkpoint") && !overwrite && !resume) {
      throw new ConfigError("config.conflict", `${folder.path} holds an interrupted run`, { hint: "Pass --resume to go on with it, or --overwrite to start anew." });
    }
    if (resume && !folder.has("checkpoint")) {
      throw new ConfigError("config.conflict", `there is no interrupted run to resume in ${folder.path}`, { hint: "Start the run without --resume." });
    }
    return folder;
  }

  has(file: RunFile): boolean {
    return existsSync(this.file(file));
  }

  file(file: RunFile): string {
    return join(this.path, runFiles[file]);
  }

  read(file: RunFile): Uint8Array {
    return readFileSync(this.file(file));
  }

  /** Creates the folder, removes what an earlier run left, and writes the configuration and the history so far. */
  begin(config: RunConfig, hash: string, source: Readonly<Record<string, unknown>> | undefined, history: readonly EpochRecord[]): void {
    this.attempt("create the run folder", () => {
      mkdirSync(this.path, { recursive: true });
      for (const file of ["metrics", "predictionsValid", "predictionsTest", "weights"] as const) rmSync(this.file(file), { force: true });
      if (history.length === 0) rmSync(this.file("checkpoint"), { force: true });
    });
    this.writeJson("config", { ...config, ...(source && { source }), hash });
    this.write("history", history.map((record) => `${JSON.stringify(record)}\n`).join(""));
  }

  appendHistory(record: EpochRecord): void {
    this.attempt("write the history", () => {
      appendFileSync(this.file("history"), `${JSON.stringify(record)}\n`);
    });
  }

  writeJson(file: RunFile, value: unknown): void {
    this.write(file, `${JSON.stringify(value, null, 2)}\n`);
  }

  write(file: RunFile, content: string | Uint8Array): void {
    this.attempt(`write ${runFiles[file]}`, () => {
      writeFileAtomic.sync(this.file(file), typeof content === "string" ? content : Buffer.from(content.buffer, content.byteOffset, content.byteLength));
    });
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
      throw new EuarError("io.write", `cannot ${what} in ${this.path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
        cause,
        hint: "Check that the folder can be written and that the disk is not full.",
      });
    }
  }
}
