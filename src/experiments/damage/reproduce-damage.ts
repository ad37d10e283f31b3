import { defined } from "../../core/defined.js";
import { DataSets } from "../data-sets.js";
import type { Experiments } from "../experiment-result.js";
import { type ReproduceHooks, runPlanned } from "../reproduce.js";
import { resultsHead } from "../results-head.js";
import { readFolds } from "./damage-data.js";
import { damageJobs, type DamageTraining } from "./damage-jobs.js";
import { damageRows } from "./damage-rows.js";
import { damageTables } from "./damage-tables.js";

export interface DamageRequest extends DamageTraining {
  /** Data set of `euar extract --copies --test-copies`, or a folder of such data sets: one per fold. */
  readonly source: string;
  /** Labels of the rows to make; the reference is always made. Default: all. */
  readonly models?: readonly string[] | undefined;
  /** Folder for the results of single jobs. */
  readonly store: string;
}

/**
 * Trains all rows on damaged media and tests them over rising severity, fold by fold. Results are stored per
 * job, as `reproduce` does.
 * @throws DataError for a folder without suitable data sets
 * @throws EuarError "io.write"
 * @throws the signal's reason when aborted
 */
export async function reproduceDamage(request: DamageRequest, hooks: ReproduceHooks): Promise<Experiments> {
  const data = new DataSets();
  const reading = { labels: request.labels };
  const folds = await readFolds(request.source, data, reading);
  const { dataset } = defined(folds[0]);
  const rows = damageRows(dataset)
    .filter(({ role, model }) => role === "euar" || (request.models?.includes(model) ?? true))
    .map((row) => ({
      label: row.label,
      role: row.role,
      jobs: folds.map((fold) => damageJobs(fold, row, request)),
    }));
  const jobs = rows.flatMap(({ label, jobs: byFold }) =>
    byFold.flatMap((own, f) =>
      own.map((job) => ({
        job,
        label: ["damage", label, defined(folds[f]).name, `seed ${job.seed}`].join(", "),
      })),
    ),
  );
  const { find, failures } = await runPlanned(jobs, { data, reading, store: request.store }, hooks);
  return {
    ...resultsHead({
      dataset,
      source: request.source,
      modalities: dataset.modalities.map(({ name }) => name),
      seeds: request.seeds,
      arithmetic: request.arithmetic,
    }),
    experiments: damageTables({ folds, rows, find }),
    figures: [],
    paper: [],
    failures,
  };
}
