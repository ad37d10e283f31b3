import type { Dataset, Task } from "../data/dataset.js";
import { loadDataset } from "../data/formats/load-dataset.js";
import { datasetOptions } from "./data-options.js";
import { labelOptionsOf } from "./label-options.js";

/** Data options that a model was trained with. */
export interface Trained {
  readonly modalities: readonly { readonly name: string }[];
  readonly config: { readonly data: { readonly task: Task } };
}

/**
 * Reads the data for a model. Unless the user states otherwise, reads only its modalities, and the labels as
 * in training.
 */
export async function loadForModel(
  options: Parameters<typeof datasetOptions>[0] & { readonly data: string },
  { modalities, config }: Trained,
): Promise<Dataset> {
  const known = modalities.map(({ name }) => name);
  const given = datasetOptions(options);
  const trained = labelOptionsOf(config.data.task);
  const resolved = given.task === undefined || given.task === trained.task ? { ...trained, ...given } : given;
  if (resolved.modalities !== undefined) return await loadDataset(options.data, resolved);
  try {
    return await loadDataset(options.data, { ...resolved, modalities: known });
  } catch {
    // The data may lack a modality. Then the present ones are read, and the evaluation reports the missing
    // one.
    return await loadDataset(options.data, resolved);
  }
}
