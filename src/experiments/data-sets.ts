import type { Dataset } from "../data/dataset.js";
import { loadDataset } from "../data/formats/load-dataset.js";
import type { LabelOptions } from "../data/formats/load-options.js";
import { canonicalJson } from "../runs/canonical-json.js";
import { fingerprint } from "../runs/hash.js";

/** Data sets by where they come from and how their labels are read, each read once. */
export class DataSets {
  private readonly loaded = new Map<string, Promise<Dataset>>();

  /** @throws DataError */
  get(source: string, labels: LabelOptions = {}): Promise<Dataset> {
    const key = canonicalJson({ source, labels });
    const known = this.loaded.get(key);
    if (known) return known;
    const loading = loadDataset(source, labels);
    this.loaded.set(key, loading);
    return loading;
  }

  /** @param labels how the labels of all of them are read */
  async fingerprints(
    sources: readonly string[],
    labels: LabelOptions = {},
  ): Promise<ReadonlyMap<string, string>> {
    const entries: [string, string][] = [];
    for (const source of sources) entries.push([source, fingerprint(await this.get(source, labels))]);
    return new Map(entries);
  }
}
