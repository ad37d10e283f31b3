import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ServerError } from "../../core/errors.js";
import type { Task } from "../../data/dataset.js";
import type { DatasetAnswers, DatasetQuestion, DatasetReader } from "./dataset-reader.js";

/** Milliseconds for which a data set that could not be read is not read again for its task. */
export const FAILURE_KEPT = 10_000;

interface KnownTask {
  readonly version: string;
  readonly task: Promise<Task>;
  /** Time of the failure. Undefined if there is a task, or none yet. */
  failed?: number;
}

/**
 * Keeps the data set of the last request open, so that a page that browses it does not read it again.
 * Requests wait for each other: one for another data set closes the data set that is open. A data set that
 * changed is read again.
 */
export class OpenDatasets {
  /** Ends with the last request, and never fails. */
  private last: Promise<unknown> = Promise.resolve();
  private readonly tasks = new Map<string, KnownTask>();
  private current:
    { readonly path: string; readonly version: string; readonly reader: Promise<DatasetReader> } | undefined;
  private isClosed = false;

  constructor(private readonly open: (path: string) => Promise<DatasetReader>) {}

  /**
   * Answers a question about a data set. Opens the data set if necessary.
   * @throws DataError as `loadDataset` and `featuresOf`
   * @throws Breakdown if the thread of the reader ends
   * @throws ServerError "server.draining" after `close`
   */
  async ask<Kind extends DatasetQuestion["kind"]>(
    path: string,
    question: Extract<DatasetQuestion, { kind: Kind }>,
  ): Promise<DatasetAnswers[Kind]> {
    return (await this.afterOthers(() => this.answer(path, question))) as DatasetAnswers[Kind];
  }

  /**
   * Returns the task of a data set, for the check of a label. Reads the data set for the first request, and
   * when it changed. A failure is kept for some seconds.
   * @throws as `ask`
   */
  async taskOf(path: string): Promise<Task> {
    const version = await versionOf(path);
    const known = this.tasks.get(path);
    const isFresh = known?.failed === undefined || Date.now() - known.failed < FAILURE_KEPT;
    if (known?.version === version && isFresh) return known.task;
    const asked: KnownTask = { version, task: this.ask(path, { kind: "task" }) };
    this.tasks.set(path, asked);
    asked.task.catch(() => {
      asked.failed = Date.now();
    });
    return asked.task;
  }

  /** Closes the open data set at once. The request that reads it fails, and so do those that wait. */
  close(): Promise<void> {
    this.isClosed = true;
    return this.closeNow();
  }

  private afterOthers<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }

  private async answer(path: string, question: DatasetQuestion): Promise<unknown> {
    const version = await versionOf(path);
    if (this.current?.path !== path || this.current.version !== version) await this.closeNow();
    if (this.isClosed) throw new ServerError("server.draining", "the server is ending");
    this.current ??= { path, version, reader: this.open(path) };
    const { reader } = this.current;
    try {
      return await (await reader).ask(question);
    } catch (error) {
      await this.closeNow(); // the next request tries again to read a data set that could not be read
      throw error;
    }
  }

  private async closeNow(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    await current?.reader.then(
      (reader) => reader.close(),
      () => undefined, // it was never opened
    );
  }
}

/** Shows a change of a data set: time and size of its `dataset.json` or of its file. Empty without a file. */
async function versionOf(path: string): Promise<string> {
  for (const file of [join(path, "dataset.json"), path]) {
    const found = await stat(file).catch(() => undefined);
    if (found) return `${found.mtimeMs}/${found.size}`;
  }
  return "";
}
