import { join } from "node:path";
import { z } from "zod";
import { defined } from "../../core/defined.js";
import { ConfigError, TrainError } from "../../core/errors.js";
import type { Experiments } from "../../experiments/experiment-result.js";
import { cleanColumn, extractNoisy, featureNoise } from "../../experiments/noise-columns.js";
import { openExecutors } from "../../experiments/open-executors.js";
import type { NoiseColumn } from "../../experiments/plan.js";
import { experimentNames, experimentsWith } from "../../experiments/plans.js";
import { reproduceDamage } from "../../experiments/damage/reproduce-damage.js";
import { reproduceProtocol } from "../../experiments/reproduce-protocol.js";
import { reproduce, type ReproduceHooks, type ReproduceRequest } from "../../experiments/reproduce.js";
import type { JobsProgress } from "../../experiments/run-jobs.js";
import { isPictureFolder } from "../../features/extract/read-source.js";
import { parseAdapterChoice } from "../../features/registry.js";
import { executorFor } from "../../features/extract/worker-executor.js";
import { experimentTable } from "../../report/experiment-tables.js";
import { textTable } from "../../report/text-table.js";
import { backendFields, requireArithmetic } from "../backend-fields.js";
import { kebabCase } from "../../core/kebab-case.js";
import { builtInProtocols } from "../../protocols/built-in.js";
import { builtInModels } from "../../models/registry.js";
import { defineCommand } from "../command.js";
import type { CommandContext } from "../context.js";
import { EXPERIMENTS_FILE, writeReports } from "../../report/experiment-output.js";
import { defaultWorkers, interruptible, withProgress } from "../interruptible-work.js";
import { labelFields, statedLabels } from "../label-options.js";
import { jobsText } from "../jobs-overview.js";
import { PartialFailure } from "../partial-failure.js";
import { readRecipe } from "../read-recipe.js";
import { loadProtocol } from "../load-protocol.js";
import { encoderFlag, recipeEncoder } from "../text-encoder.js";

/** Experiment on damaged media, which needs its own data. */
const DAMAGE = "damage";

/** Experiment with a test protocol. */
const PROTOCOL = "protocol";

/** Options that an experiment does not have. All others lack `models` and `protocol`. */
const LACKS: Readonly<Record<string, readonly (keyof z.infer<typeof schema>)[]>> = {
  [DAMAGE]: ["modalities", "textEncoder", "noiseMode", "image", "texts", "protocol"],
  [PROTOCOL]: ["noiseMode", "image", "texts"],
};

const schema = z.strictObject({
  experiment: z
    .enum([...experimentNames, DAMAGE, PROTOCOL, "all"])
    .describe(
      "table or figure of the paper; uncertainty (quality of the predicted uncertainty) or robustness " +
        "(areas under metric curves over noise), which the paper does not have; damage (media with " +
        "rising severities of damage; --data is the output of extract --test-copies); protocol (all models " +
        "under the conditions of --protocol); or all (except damage and protocol)",
    ),
  data: z
    .string()
    .describe(
      "data set (as for train), or a folder of posts or of RGB-D scenes (NYU Depth V2); from these, " +
        "features are extracted first, clean and with noise on pixels and words",
    ),
  modalities: z
    .array(z.string())
    .min(2)
    .optional()
    .describe("modalities to use (default: all that the data set has)"),
  models: z
    .array(z.enum(builtInModels.map(({ name }) => name)))
    .min(1)
    .optional()
    .describe(
      "with damage or protocol: models to show as rows (default: all); euar: the reference and its variants",
    ),
  protocol: z
    .string()
    .min(1)
    .optional()
    .describe(
      `with protocol: ${[...builtInProtocols.keys()].join(", ")}, or the path of a .json file; see ` +
        "docs/protocols.md",
    ),
  ...labelFields,
  ...encoderFlag,
  seeds: z.int().min(1).max(100).default(5).describe("number of seeds; the seeds are 1 to this number"),
  recipe: z
    .string()
    .optional()
    .describe(
      'JSON file with training options: {"train": {...}, "models": {"NAME": {"config": {...}, ' +
        '"train": {...}}}, "encoder": {...}} (default: the defaults of each model)',
    ),
  noiseMode: z
    .enum(["clean", "exact"])
    .default("clean")
    .describe(
      "noise on media. clean: independent noise per sample; exact: as published, including its quirks",
    ),
  image: z
    .string()
    .min(1)
    .optional()
    .describe("adapter for the images of posts and scenes, as for extract (default: as for extract)"),
  texts: z
    .boolean()
    .default(false)
    .describe("show the texts of test samples in figure 7; without it, the results contain no data"),
  out: z.string().default("results").describe("folder for the results; existing results in it are reused"),
  arithmetic: backendFields.arithmetic,
  workers: z
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe("number of threads (default: one per core, at most 4). Results do not depend on it"),
});

type Options = z.infer<typeof schema>;

export const reproduceCommand = defineCommand({
  name: "reproduce",
  description:
    "Runs the experiments of a table or figure of the paper on any data set, over several seeds, " +
    "together with a linear model and the best single modality. Writes OUT/results.json, " +
    "report.html, tables.csv, tables.tex, figures.csv and paper.csv. After an interruption, run the " +
    "same command again to continue.",
  schema,
  positional: { key: "experiment", label: "experiment" },
  examples: [
    "euar reproduce table3 --data mvsa --recipe configs/experiments/mvsa.json --out results/mvsa",
    "euar reproduce table3 --data nyud2_trainvaltest --out results/nyud2",
    "euar reproduce table2 --data mosi.pkl --modalities text,audio --seeds 5",
    "euar reproduce table4 --data mosi.pkl --text-encoder all-mpnet-base-v2 --recipe " +
      "configs/experiments/mosi-encoder.json",
    "euar reproduce all --data synthetic --seeds 2",
    "euar reproduce damage --data folds --recipe configs/experiments/avdigits.json --out results/damage",
    "euar reproduce protocol --protocol missmac-bench --data mosi.pkl --out results/missmac",
  ],
  underlay: (given) => {
    const { experiment } = given;
    const without = LACKS[String(experiment)] ?? (["models", "protocol"] as const);
    const idle = without.find((key) => given[key] !== undefined);
    if (typeof experiment === "string" && idle !== undefined)
      throw new ConfigError(
        "config.conflict",
        `--${kebabCase(idle)} has no effect on euar reproduce ${experiment}`,
        { hint: "Leave it out." },
      );
    if (experiment === PROTOCOL && given.protocol === undefined)
      throw new ConfigError("config.invalid", "euar reproduce protocol: no protocol is given", {
        hint: "For example --protocol missmac-bench.",
      });
    return {};
  },
  run: async (options, context) => {
    const { results, progress } = await run(options, context);
    await writeReports(options.out, results);
    context.result(
      results,
      [
        ...results.experiments.map((experiment) =>
          textTable(experimentTable(experiment), context.style.bold),
        ),
        `Written: ${join(options.out, "report.html")}, ${EXPERIMENTS_FILE}, tables.csv, tables.tex, ` +
          "figures.csv, paper.csv",
      ].join("\n\n"),
    );
    if (progress.failures.length > 0)
      throw new PartialFailure("train.diverged", progress.failures.length, progress.total, "run");
  },
});

interface Outcome {
  readonly results: Experiments;
  /** Progress of the runs. */
  readonly progress: JobsProgress;
}

async function run(options: Options, context: CommandContext): Promise<Outcome> {
  await requireArithmetic(options.arithmetic);
  const recipe = readRecipe(options.recipe);
  const workers = options.workers ?? defaultWorkers();
  const interrupted = (cause: unknown): Error =>
    new TrainError("train.interrupted", "the experiments were interrupted", {
      hint: "Run the same command again to continue. Finished runs are not repeated.",
      cause,
    });
  return interruptible(
    context,
    { stopping: "Stopping. Finished runs are kept.", interrupted },
    async (signal) => {
      const { source, columns } = await dataOf(options, workers, signal, context);
      const overview = await context.jobsOverview("reproduce");
      let progress: JobsProgress = { total: 0, done: 0, stored: 0, failures: [], running: [] };
      try {
        const { arithmetic } = options;
        const shared = {
          source,
          labels: statedLabels(options),
          seeds: Array.from({ length: options.seeds }, (_, i) => i + 1),
          recipe,
          store: join(options.out, "jobs"),
        };
        const hooks: ReproduceHooks = {
          signal,
          onProgress: (now) => {
            progress = now;
            overview.update(now);
          },
          openExecutors: (data) => openExecutors(data, workers),
        };
        const inputs = {
          encoder: recipeEncoder(options.textEncoder, recipe),
          modalities: options.modalities,
          arithmetic,
        };
        const results = await resultsOf(options, { shared, inputs, columns, hooks });
        return { results, progress };
      } finally {
        overview.stop();
        if (progress.total > 0) context.log(jobsText(progress));
      }
    },
  );
}

interface Work {
  readonly shared: Pick<ReproduceRequest, "source" | "labels" | "seeds" | "recipe" | "store">;
  readonly inputs: Pick<ReproduceRequest, "encoder" | "modalities" | "arithmetic">;
  readonly columns: readonly NoiseColumn[];
  readonly hooks: ReproduceHooks;
}

function resultsOf(
  { experiment, models, protocol, arithmetic, texts }: Options,
  { shared, inputs, columns, hooks }: Work,
): Promise<Experiments> {
  if (experiment === DAMAGE)
    return reproduceDamage(
      { ...shared, models, arithmetic: arithmetic === "fast" ? arithmetic : undefined },
      hooks,
    );
  if (experiment === PROTOCOL)
    return reproduceProtocol(
      { ...shared, ...inputs, models, protocol: loadProtocol(defined(protocol)) },
      hooks,
    );
  return reproduce(
    {
      ...shared,
      ...inputs,
      experiments: experiment === "all" ? experimentsWith(columns) : [experiment],
      noise: columns,
      texts,
    },
    hooks,
  );
}

async function dataOf(
  { data, out, noiseMode, textEncoder, image }: Options,
  workers: number,
  signal: AbortSignal,
  context: CommandContext,
): Promise<{ readonly source: string; readonly columns: readonly NoiseColumn[] }> {
  if (!isPictureFolder(data)) {
    if (image === undefined)
      return { source: data, columns: textEncoder === undefined ? featureNoise : [cleanColumn] };
    throw new ConfigError("config.conflict", `--image needs pictures, but ${data} contains features`, {
      hint: "Leave it out, or give a folder of posts or scenes.",
    });
  }
  return withProgress(context, "features", (bar) => {
    const onProgress = (label: string, share: number): void => {
      bar.update(share, label);
    };
    return extractNoisy(data, join(out, "data", noiseMode), {
      mode: noiseMode,
      workers,
      signal,
      onProgress,
      openExecutor: executorFor(workers),
      ...(image !== undefined && { adapters: { image: parseAdapterChoice("image", image) } }),
    });
  });
}
