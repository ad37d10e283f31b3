import {
  distributionsOf,
  featuresOf,
  findSamples,
  requireRow,
  type SampleFilter,
} from "../../data/browse.js";
import { defined } from "../../core/defined.js";
import type { Dataset, SplitName, Task } from "../../data/dataset.js";
import { loadDataset } from "../../data/formats/load-dataset.js";
import { sourceMedia, type SampleFilesByModality } from "../../features/extract/source-media.js";
import { WorkerThread } from "../../features/worker-thread.js";

/** Request for samples, features or distributions of a data set. */
export type DatasetQuestion =
  | { readonly kind: "samples"; readonly filter: SampleFilter }
  | { readonly kind: "features"; readonly split: SplitName; readonly row: number }
  | { readonly kind: "media"; readonly split: SplitName; readonly row: number }
  | { readonly kind: "distributions" }
  | { readonly kind: "task" };

/** Results by the kind of the request. */
export interface DatasetAnswers {
  readonly samples: ReturnType<typeof findSamples>;
  readonly features: ReturnType<typeof featuresOf>;
  /** Files of the sample by modality. Empty if they are unknown. */
  readonly media: SampleFilesByModality;
  readonly distributions: ReturnType<typeof distributionsOf>;
  /** Task for the check of a label. Its range only if it was stated. */
  readonly task: Task;
}

type Answer = DatasetAnswers[keyof DatasetAnswers];

/** Data set in memory. */
export interface DatasetReader {
  readonly ask: (question: DatasetQuestion) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

/** Data set that was read, with the files that its features come from. */
export interface OpenDataset {
  readonly dataset: Dataset;
  readonly media: ReturnType<typeof sourceMedia>;
}

/**
 * Reads a data set.
 * @throws DataError as `loadDataset`
 */
export async function openDataset(path: string): Promise<OpenDataset> {
  return { dataset: await loadDataset(path), media: sourceMedia(path) };
}

/** Returns the result of a request. */
export function answerFrom({ dataset, media }: OpenDataset, question: DatasetQuestion): Answer {
  switch (question.kind) {
    case "samples":
      return findSamples(dataset, question.filter);
    case "features":
      return featuresOf(dataset, question.split, question.row);
    case "media": {
      const { split, row } = question;
      requireRow(dataset, split, row);
      return media?.get(`${split}/${defined(dataset.splits[split].ids[row])}`) ?? {};
    }
    case "distributions":
      return distributionsOf(dataset);
    case "task":
      return statedTask(dataset);
  }
}

/** Returns the task without a range that was found in the training labels: a person's label may leave it. */
function statedTask({ task, labelReading }: Dataset): Task {
  if (task.kind !== "regression" || labelReading?.rangeFound !== true) return task;
  const stated = { ...task };
  delete stated.range;
  return stated;
}

/** Reads a data set in this thread. */
export async function openHere(path: string): Promise<DatasetReader> {
  const opened = await openDataset(path);
  return {
    ask: (question) => Promise.resolve().then(() => answerFrom(opened, question)),
    close: () => Promise.resolve(),
  };
}

/** Reads a data set in a thread of its own, so that requests do not wait for it. */
export async function openInThread(path: string): Promise<DatasetReader> {
  const thread = await WorkerThread.start<null, DatasetQuestion, Answer>(
    new URL("./dataset-thread.js", import.meta.url),
    path,
  );
  return {
    ask: (question) => thread.ask(question),
    close: () => thread.stop(),
  };
}
