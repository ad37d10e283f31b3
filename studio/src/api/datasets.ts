import { requestJson } from "./request.js";

/** Data set that the server knows by its name. */
export interface ListedDataset {
  readonly name: string;
  readonly path: string;
}

/** @throws RequestError */
export async function listDatasets(): Promise<readonly ListedDataset[]> {
  return ((await requestJson("v1/datasets")) as { readonly datasets: readonly ListedDataset[] }).datasets;
}
