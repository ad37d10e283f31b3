import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../core/errors.js";
import { writeFile } from "../../data/files/write-file.js";
import type { Experiments } from "../../experiments/experiment-result.js";
import type { ExperimentName } from "../../experiments/plans.js";
import { EXPERIMENTS_FILE, readExperiments } from "../../report/experiment-output.js";
import { makeFolder } from "../../runs/run-folder.js";
import type { ErrorText } from "../http/problem.js";
import { type RunningCommand, startCommand } from "../runs/run-command.js";
import { isRunName, requireRunName } from "../runs/run-name.js";
import { notFound } from "../not-found.js";
import { datasetPath } from "../datasets/dataset-path.js";

/** States of experiments. "unfinished": interrupted, or written by another process that still runs. */
export const EXPERIMENT_STATES = ["running", "done", "failed", "unfinished"] as const;
/** State of an experiment. */
export type ExperimentState = (typeof EXPERIMENT_STATES)[number];

/** Folder of results of `euar reproduce`. */
export interface ExperimentInfo {
  readonly name: string;
  readonly state: ExperimentState;
  /** Number of stored runs. */
  readonly runs: number;
  /** Time of the results. ISO 8601. Null without results. */
  readonly written: string | null;
  /** Error of the last start by this server. */
  readonly error: ErrorText | null;
}

/** Request for an experiment. */
export interface ExperimentRequest {
  readonly name: string;
  /** Table or figure of the paper, or all. */
  readonly experiment: ExperimentName | "all";
  /** Name of a data set of the server. */
  readonly data: string;
  readonly seeds?: number | undefined;
  readonly modalities?: readonly string[] | undefined;
  /** Content of the file of `--recipe`. */
  readonly recipe?: Readonly<Record<string, unknown>> | undefined;
}

/** Parts of the experiments of a server. */
export interface ExperimentOptions {
  /** Parent of all folders with results. */
  readonly folder: string;
  /** Paths of the data sets by name. */
  readonly datasets: ReadonlyMap<string, string>;
  /** Starts a command of euar. */
  readonly start?: (args: readonly string[]) => RunningCommand;
}

/** Results of `euar reproduce` in one folder. Starts one experiment at a time, in its own process. */
export class ExperimentFolders {
  private current: { readonly name: string; readonly command: RunningCommand } | undefined;
  private working: Promise<void> | undefined;
  private readonly errors = new Map<string, ErrorText>();

  constructor(private readonly options: ExperimentOptions) {}

  /** Returns the experiments, by name. */
  list(): readonly ExperimentInfo[] {
    const { folder } = this.options;
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && isRunName(entry.name))
      .map(({ name }) => name)
      .filter((name) => name === this.current?.name || this.hasFiles(name))
      .sort()
      .map((name) => this.describe(name));
  }

  /**
   * Describes an experiment.
   * @throws ServerError "server.not-found"
   */
  get(name: string): ExperimentInfo {
    const known = this.list();
    const found = known.find((one) => one.name === name);
    if (found) return found;
    throw notFound(
      "experiment",
      name,
      known.map((one) => one.name),
    );
  }

  /**
   * Returns the results of an experiment. Null before it has any.
   * @throws DataError for results of another version, or that cannot be read
   */
  results(name: string): Experiments | null {
    const { written } = this.get(name);
    return written === null ? null : readExperiments(this.pathOf(name));
  }

  /**
   * Starts an experiment, or continues one that has not finished. Finished runs are not repeated.
   * @throws ConfigError "config.invalid" for an invalid name; "config.conflict" if another one runs, or if
   * there are results of that name
   * @throws ServerError "server.not-found" for an unknown data set
   */
  start(request: ExperimentRequest): ExperimentInfo {
    const { name, data, recipe, ...options } = request;
    requireRunName(name);
    const { datasets, folder, start = startCommand } = this.options;
    const path = datasetPath(datasets, data);
    if (this.current)
      throw new ConfigError("config.conflict", `the experiment "${this.current.name}" runs`, {
        hint: "Wait until it has finished, or stop it.",
      });
    const out = this.pathOf(name);
    if (existsSync(join(out, EXPERIMENTS_FILE)))
      throw new ConfigError("config.conflict", `there are already results ${JSON.stringify(name)}`, {
        hint: "Choose another name.",
      });
    makeFolder(out);
    const recipeFile = join(folder, `.${name}.recipe.json`);
    if (recipe !== undefined) writeFile(recipeFile, JSON.stringify(recipe));
    const config = join(folder, `.${name}.json`);
    const content = { ...options, data: path, out, ...(recipe !== undefined && { recipe: recipeFile }) };
    writeFile(config, JSON.stringify(content));
    this.errors.delete(name);
    const command = start(["reproduce", "--config", config]);
    this.current = { name, command };
    this.working = this.follow(name, command);
    return this.describe(name);
  }

  /** Stops an experiment that runs. Its finished runs are kept. */
  stop(name: string): ExperimentInfo {
    if (this.current?.name === name) this.current.command.interrupt();
    return this.get(name);
  }

  /** Stops the experiment that runs, and waits for its end. */
  async close(): Promise<void> {
    this.current?.command.interrupt();
    await this.working;
  }

  private async follow(name: string, command: RunningCommand): Promise<void> {
    const outcome = await command.outcome;
    this.current = undefined;
    if (outcome.kind === "error" && outcome.error.code !== "train.interrupted")
      this.errors.set(name, outcome.error);
  }

  private describe(name: string): ExperimentInfo {
    const jobs = join(this.pathOf(name), "jobs");
    const results = statSync(join(this.pathOf(name), EXPERIMENTS_FILE), { throwIfNoEntry: false });
    const error = this.errors.get(name) ?? null;
    const ended = results ? "done" : error ? "failed" : "unfinished";
    return {
      name,
      state: this.current?.name === name ? "running" : ended,
      runs: existsSync(jobs) ? readdirSync(jobs).filter((file) => file.endsWith(".json")).length : 0,
      written: results?.mtime.toISOString() ?? null,
      error: error && { code: error.code, message: error.message, hint: error.hint },
    };
  }

  private hasFiles(name: string): boolean {
    return [EXPERIMENTS_FILE, "jobs"].some((file) => existsSync(join(this.pathOf(name), file)));
  }

  private pathOf(name: string): string {
    return join(this.options.folder, name);
  }
}
