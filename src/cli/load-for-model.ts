import type { Dataset } from "../data/dataset.js";
import { loadDataset } from "../data/formats/load-dataset.js";
import { datasetOptions } from "./data-options.js";

/**
 * The data for a model; unless the user says otherwise, only its modalities are read. @param known the
 * model's modalities
 */
export async function loadForModel(
  options: Parameters<typeof datasetOptions>[0] & { readonly data: string },
  known: readonly string[],
): Promise<Dataset> {
  const asked = datasetOptions(options);
  if (asked.modalities !== undefined) return await loadDataset(options.data, asked);
  try {
    return await loadDataset(options.data, { ...asked, modalities: known });
  } catch {
    // The data may lack one of them: then what they have is read, and the evaluation says what is missing.
    return await loadDataset(options.data, asked);
  }
}
