import { packageInfo } from "../core/package-info.js";
import type { Dataset } from "../data/dataset.js";
import type { Experiments } from "./experiment-result.js";

/** Runs of an experiment, as far as all their results say it. */
export interface ResultsOf {
  readonly dataset: Dataset;
  /** Path or name of the data. */
  readonly source: string;
  readonly modalities: readonly string[];
  readonly seeds: readonly number[];
  readonly arithmetic: Experiments["arithmetic"];
}

/** Returns the fields that say how results were made. Data have the last part of their path as their name. */
export function resultsHead({
  dataset,
  source,
  modalities,
  seeds,
  arithmetic,
}: ResultsOf): Pick<Experiments, "format" | "version" | "data" | "seeds" | "arithmetic"> {
  const splits = Object.values(dataset.splits);
  const parts = source.split(/[/\\]/).filter((part) => part !== "");
  return {
    format: "euar-experiments/2",
    version: packageInfo.version,
    data: {
      name: parts.at(-1) ?? source,
      sizes: Object.fromEntries(splits.map(({ name, size }) => [name, size])),
      modalities: [...modalities],
    },
    seeds: [...seeds],
    ...(arithmetic && { arithmetic }),
  };
}
