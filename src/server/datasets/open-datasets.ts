import type { Task } from "../../data/dataset.js";
import type { DatasetAnswers, DatasetQuestion, DatasetReader } from "./dataset-reader.js";

/**
 * Keeps the data set of the last request open, so that a page that browses it does not read it again.
 * Requests wait for each other: one for another data set closes the data set that is open.
 */
export class OpenDatasets {
  /** Ends with the last request, and never fails. */
  private last: Promise<unknown> = Promise.resolve();
  private readonly tasks = new Map<string, Task>();
  private current: { readonly path: string; readonly reader: Promise<DatasetReader> } | undefined;

  constructor(private readonly open: (path: string) => Promise<DatasetReader>) {}

  /**
   * Answers a question about a data set. Opens the data set if necessary.
   * @throws DataError as `loadDataset` and `featuresOf`
   */
  async ask<Kind extends DatasetQuestion["kind"]>(
    path: string,
    question: Extract<DatasetQuestion, { kind: Kind }>,
  ): Promise<DatasetAnswers[Kind]> {
    return (await this.afterOthers(() => this.answer(path, question))) as DatasetAnswers[Kind];
  }

  /**
   * Returns the task of a data set. Reads the data set for the first request only.
   * @throws DataError as `loadDataset`
   */
  async taskOf(path: string): Promise<Task> {
    const task = this.tasks.get(path) ?? (await this.ask(path, { kind: "task" }));
    this.tasks.set(path, task);
    return task;
  }

  /** Closes the open data set at once. The request that reads it fails. */
  close(): Promise<void> {
    return this.closeNow();
  }

  private afterOthers<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }

  private async answer(path: string, question: DatasetQuestion): Promise<unknown> {
    if (this.current?.path !== path) {
      await this.closeNow();
      this.current = { path, reader: this.open(path) };
    }
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
