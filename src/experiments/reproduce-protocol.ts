import type { Protocol } from "../protocols/protocol-schema.js";
import { DataSets } from "./data-sets.js";
import type { Experiments } from "./experiment-result.js";
import { jobsOf } from "./plan.js";
import { protocolPlans } from "./protocol-plan.js";
import { type ReproduceHooks, type ReproduceRequest, runPlanned } from "./reproduce.js";
import { resultsHead } from "./results-head.js";
import { awareRow, euarRow, linearRow, tableBaselines, trainableRows } from "./rows.js";
import { tabulate } from "./tabulate.js";

/** Request for the tables of one protocol. */
export interface ReproduceProtocolRequest extends Pick<
  ReproduceRequest,
  "source" | "labels" | "encoder" | "modalities" | "seeds" | "recipe" | "arithmetic" | "store"
> {
  readonly protocol: Protocol;
  /** Names of the models to show as rows; the reference is always shown. Default: all. */
  readonly models?: readonly string[] | undefined;
}

/**
 * Trains EUAR, its preset aware, the linear model and the baselines of table 1, and tests them under each
 * condition of a protocol. Every row is compared with EUAR. Results are stored per job, as `reproduce` does.
 * @throws ConfigError, DataError for an invalid request
 * @throws EuarError "io.write"
 * @throws the signal's reason when aborted
 */
export async function reproduceProtocol(
  request: ReproduceProtocolRequest,
  hooks: ReproduceHooks,
): Promise<Experiments> {
  const data = new DataSets();
  const { source, labels, encoder, seeds, recipe, store, models } = request;
  const arithmetic = request.arithmetic === "fast" ? request.arithmetic : undefined;
  const dataset = await data.get(source, { labels, encoder });
  const modalities = request.modalities ?? dataset.modalities.map(({ name }) => name);
  const context = {
    data: { source, labels, encoder, task: dataset.task, modalities },
    noise: [],
    series: [],
    seeds,
    recipe,
    arithmetic,
  };
  const all = trainableRows([euarRow, awareRow, linearRow, ...tableBaselines("table1", context)], context);
  const rows = all.filter((row) => row === euarRow || (models?.includes(row.model) ?? true));
  const plans = protocolPlans(request.protocol, rows, context);
  const { find, failures } = await runPlanned(
    jobsOf(plans.slice(0, 1)), // both tables show the same runs
    { data, reading: { labels, encoder }, store },
    hooks,
  );
  return {
    ...resultsHead({ dataset, source: dataset.name, modalities, seeds, arithmetic }),
    experiments: plans.map((plan) => tabulate(plan, dataset.task, find)),
    figures: [],
    paper: [],
    failures,
  };
}
