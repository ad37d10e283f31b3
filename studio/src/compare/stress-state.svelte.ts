import type { StressResult } from "../../../src/experiments/stress-run.js";
import { type ListedDataset, listDatasets } from "../api/datasets.js";
import { readStress } from "../api/stress.js";
import { type ShownError, shownError } from "../ui/shown-error.js";

/** Stress tests of the compared runs, on one data set. */
export class StressState {
  datasets = $state.raw<readonly ListedDataset[]>([]);
  data = $state("");
  results = $state.raw<ReadonlyMap<string, StressResult>>(new Map());
  /** Run that is being measured; empty if none is. */
  measuring = $state("");
  error = $state.raw<ShownError | undefined>();

  async start(): Promise<void> {
    try {
      this.datasets = await listDatasets();
      this.data = this.datasets[0]?.name ?? "";
    } catch (error) {
      this.error = shownError(error);
    }
  }

  /** Chooses the data set, and drops the results on another one. */
  choose(data: string): void {
    this.data = data;
    this.results = new Map();
    this.error = undefined;
  }

  /** Measures the runs that have no result yet, one after the other. */
  async measure(runs: readonly string[]): Promise<void> {
    const { data } = this;
    this.error = undefined;
    try {
      for (const run of runs.filter((name) => !this.results.has(name))) {
        this.measuring = run;
        const result = await readStress(run, data);
        if (data !== this.data) break; // another data set was chosen meanwhile
        this.results = new Map([...this.results, [run, result]]);
      }
    } catch (error) {
      this.error = shownError(error);
    }
    this.measuring = "";
  }
}
