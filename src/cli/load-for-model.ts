import type { Dataset, Task } from "../data/dataset.js";
import { loadDataset } from "../data/formats/load-dataset.js";
import { datasetOptions } from "./data-options.js";
import { labelOptionsOf } from "./label-options.js";

/** What a model was trained on. */
export interface Trained {
  readonly modalities: readonly { readonly name: string }[];
  readonly config: { readonly data: { readonly task: Task } };
}

/**
 * Reads the data for a model. Unless the user says otherwise, only its modalities are read, and the labels as
 * those that it was trained on.
 */
export async function loadForModel(
  options: Parameters<typeof datasetOptions>[0] & { readonly data: string },
  { modalities, config }: Trained,
): Promise<Dataset> {
  const known = modalities.map(({ name }) => name);
  const given = datasetOptions(options);
  const trained = labelOptionsOf(config.data.task);
  const asked = given.task === undefined || given.task === trained.task ? { ...trained, ...given } : given;
  if (asked.modalities !== undefined) return await loadDataset(options.data, asked);
  try {
    return await loadDataset(options.data, { ...asked, modalities: known });
  } catch {
    // The data may lack one of them: then what they have is read, and the evaluation says what is missing.
    return await loadDataset(options.data, asked);
  }
}
