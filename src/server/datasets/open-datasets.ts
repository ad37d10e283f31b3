import type { DatasetAnswers, DatasetQuestion, DatasetReader } from "./dataset-reader.js";

/** The data set that was asked about last, so that a page that browses it does not read it again. */
export class OpenDatasets {
  private current: { readonly path: string; readonly reader: Promise<DatasetReader> } | undefined;

  constructor(private readonly open: (path: string) => Promise<DatasetReader>) {}

  /**
   * Asks a data set.
   * @throws DataError as `loadDataset` and `featuresOf`
   */
  async ask<Kind extends DatasetQuestion["kind"]>(
    path: string,
    question: Extract<DatasetQuestion, { kind: Kind }>,
  ): Promise<DatasetAnswers[Kind]> {
    if (this.current?.path !== path) {
      await this.close();
      this.current = { path, reader: this.open(path) };
    }
    const { reader } = this.current;
    try {
      return (await (await reader).ask(question)) as DatasetAnswers[Kind];
    } catch (error) {
      await this.close(); // a data set that could not be read is tried again
      throw error;
    }
  }

  async close(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    await current?.reader.then(
      (reader) => reader.close(),
      () => undefined, // it was never open
    );
  }
}
