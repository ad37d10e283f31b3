import { existsSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../core/errors.js";
import { writeFile } from "../../data/files/write-file.js";
import { plainError } from "../../features/worker-thread.js";
import { runFiles } from "../../runs/run-files.js";
import { makeFolder } from "../../runs/run-folder.js";
import { QueueLoop } from "../queue-loop.js";
import type { RunRow, RunState } from "../store/rows.js";
import type { Store } from "../store/store.js";
import { startCommand, type RunningCommand } from "./run-command.js";
import type { RunFolders } from "./run-folders.js";
import { requireRunName } from "./run-name.js";
import { trainCommand } from "./train-command.js";
import { datasetPath } from "../datasets/dataset-path.js";

/** Options of `euar train` that set files and folders. The server sets them. */
export const OWN_OPTIONS: readonly string[] = [
  "config",
  "data",
  "out",
  "seeds",
  "resume",
  "overwrite",
  "textEncoder",
  "merge",
];

/** Parts of the trainings of a server. */
export interface TrainingOptions {
  readonly store: Store;
  readonly folders: RunFolders;
  /** Paths of the data sets by name. */
  readonly datasets: ReadonlyMap<string, string>;
  /** Receives each line of the log. */
  readonly log: (line: string) => void;
  /** Starts a command of euar. */
  readonly start?: (args: readonly string[]) => RunningCommand;
}

/** Request for a training. */
export interface TrainingRequest {
  readonly name: string;
  /** Name of a data set of the server. */
  readonly data: string;
  /** Options of `euar train` by their keys in a config file. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Trains one run after another, each in its own process. */
export class Trainings {
  private readonly queue: QueueLoop<RunRow>;
  private current: { readonly name: string; readonly command: RunningCommand } | undefined;
  /** Names of the runs to stop. */
  private readonly stopped = new Set<string>();

  constructor(private readonly options: TrainingOptions) {
    this.queue = new QueueLoop({
      take: () => options.store.ask("takeRun", new Date().toISOString()),
      run: (row) => this.trainOrFail(row),
      onError: (message) => {
        options.log(`training: ${message}`);
      },
    });
  }

  /** Continues the trainings of an earlier server. */
  async resume(): Promise<void> {
    await this.options.store.ask("requeueRuns", undefined);
    this.queue.wake();
  }

  /**
   * Queues a training.
   * @throws ConfigError "config.invalid" for an invalid name or option, "config.conflict" if a run of that
   * name exists
   * @throws ServerError "server.not-found" for an unknown data set
   */
  async submit({ name, data, options }: TrainingRequest): Promise<RunRow> {
    requireRunName(name);
    const { datasets, folders, store } = this.options;
    datasetPath(datasets, data); // refuses an unknown one
    const own = Object.keys(options).find((key) => OWN_OPTIONS.includes(key));
    if (own !== undefined)
      throw new ConfigError("config.invalid", `the option "${own}" is set by the server`, {
        hint: "Give the name of the data set as data, and the name of the run as name.",
      });
    const row: RunRow = {
      name,
      state: "queued",
      created: new Date().toISOString(),
      started: null,
      finished: null,
      data,
      options: JSON.stringify(options),
      error: null,
    };
    if (existsSync(folders.pathOf(name)) || !(await store.ask("addRun", row)))
      throw new ConfigError("config.conflict", `there is already a run ${JSON.stringify(name)}`, {
        hint: "Choose another name, or resume it.",
      });
    this.queue.wake();
    return row;
  }

  /**
   * Stops a waiting or running training. A running one stores a checkpoint first. Returns null if there is
   * none.
   */
  async stop(name: string): Promise<RunRow | null> {
    // in one step: between two, the run could be taken from the queue and started
    const row = await this.options.store.ask("stopQueuedRun", { name, finished: new Date().toISOString() });
    if (row?.state === "running") {
      this.stopped.add(name); // also if its process has not started yet
      if (this.current?.name === name) this.current.command.interrupt();
    }
    return row;
  }

  /**
   * Queues a stopped or failed training again. It continues from its checkpoint if it has one.
   * @throws ConfigError "config.conflict" if it is waiting, running or finished
   */
  async restart(name: string): Promise<RunRow | null> {
    const row = await this.options.store.ask("getRun", name);
    if (!row) return null;
    if (row.state !== "stopped" && row.state !== "failed")
      throw new ConfigError("config.conflict", `the run ${JSON.stringify(name)} is ${row.state}`, {
        hint: "Only a stopped or failed run can be resumed.",
      });
    this.stopped.delete(name); // of a stop that came after the end
    const queued = await this.end(name, "queued", null);
    this.queue.wake();
    return queued;
  }

  /** Stops the running training. The next server continues it. */
  close(): Promise<void> {
    return this.queue.stop(() => this.current?.command.interrupt());
  }

  /** Returns the command line that is equivalent to a run. */
  commandOf({ name, data, options }: RunRow): string {
    const { datasets, folders } = this.options;
    return trainCommand({
      data: datasets.get(data) ?? data,
      out: folders.pathOf(name),
      options: JSON.parse(options) as Record<string, unknown>,
    });
  }

  /** Trains a run. If its process cannot be started, e.g. because the disk is full, the run has failed. */
  private async trainOrFail(row: RunRow): Promise<void> {
    try {
      await this.train(row);
    } catch (error) {
      const { code, message, hint } = plainError(error);
      this.options.log(`training: ${message}`);
      await this.end(row.name, "failed", JSON.stringify({ code, message, hint: hint ?? null }));
    }
  }

  private async train(row: RunRow): Promise<void> {
    const { name } = row;
    if (this.options.folders.isFinished(name)) await this.end(name, "done", null);
    else if (this.stopped.delete(name)) await this.end(name, "stopped", null);
    else if (!this.queue.isStopping) await this.runCommand(row); // otherwise the next server starts it
  }

  private async runCommand(row: RunRow): Promise<void> {
    const { folders, datasets, start = startCommand } = this.options;
    const { name } = row;
    makeFolder(folders.folder);
    const config = join(folders.folder, `.${name}.json`);
    const options = JSON.parse(row.options) as Record<string, unknown>;
    writeFile(
      config,
      JSON.stringify({ ...options, data: datasets.get(row.data), out: folders.pathOf(name) }),
    );
    // without a checkpoint, the files of a killed training are replaced
    const how = existsSync(join(folders.pathOf(name), runFiles.checkpoint)) ? "--resume" : "--overwrite";
    const command = start(["train", "--config", config, how]);
    this.current = { name, command };
    const outcome = await command.outcome;
    this.current = undefined;
    if (outcome.kind === "result") await this.end(name, "done", null);
    else if (this.stopped.delete(name)) await this.end(name, "stopped", null);
    else if (!this.queue.isStopping) {
      const { code, message, hint } = outcome.error;
      await this.end(name, "failed", JSON.stringify({ code, message, hint: hint ?? null }));
    }
  }

  private end(name: string, state: RunState, error: string | null): Promise<RunRow | null> {
    return this.options.store.ask("setRun", { name, state, error, finished: new Date().toISOString() });
  }
}
