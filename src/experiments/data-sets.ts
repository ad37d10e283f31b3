import type { Dataset } from "../data/dataset.js";
import { loadDataset } from "../data/formats/load-dataset.js";
import { fingerprint } from "../runs/hash.js";

/** Data sets by where they come from, read once. */
export class DataSets {
  private readonly loaded = new Map<string, Promise<Dataset>>();

  /** @throws DataError */
  get(source: string): Promise<Dataset> {
    const known = this.loaded.get(source);
    if (known) return known;
    const loading = loadDataset(source);
    this.loaded.set(source, loading);
    return loading;
  }

  async fingerprints(sources: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const entries: [string, string][] = [];
    for (const source of sources) entries.push([source, fingerprint(await this.get(source))]);
    return new Map(entries);
  }
}
