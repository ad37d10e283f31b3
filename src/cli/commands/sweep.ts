import { join } from "node:path";
import { z } from "zod";
import { TrainError } from "../../core/errors.js";
import { leavesOf } from "../../core/nested-options.js";
import { writeWhole } from "../../data/formats/write-whole.js";
import { openExecutors } from "../../experiments/open-executors.js";
import { parseSearchSpace } from "../../experiments/search-space.js";
import { sweep, type SweepResult } from "../../experiments/sweep.js";
import { fixed } from "../../report/numbers.js";
import { textTable } from "../../report/text-table.js";
import { backendFields, requireArithmetic } from "../backend-fields.js";
import { defineCommand } from "../command.js";
import type { CommandContext } from "../context.js";
import { defaultWorkers, interruptibleWork } from "../interruptible-work.js";
import { labelFields, statedLabels } from "../label-options.js";
import { jobsText } from "../jobs-overview.js";
import { modelFlags } from "../model-options.js";
import { PartialFailure } from "../partial-failure.js";
import { readJsonFile } from "../read-json-file.js";
import { readRecipe } from "../read-recipe.js";
import { encoderFlag, recipeEncoder } from "../text-encoder.js";

const schema = z.strictObject({
  data: z.string().describe("data set (as for train); its test split is not read"),
  modalities: z
    .array(z.string())
    .min(1)
    .optional()
    .describe("modalities to use (default: all that the data set has)"),
  ...labelFields,
  ...encoderFlag,
  model: modelFlags.model,
  space: z
    .string()
    .describe(
      'JSON file with the search space: option -> {"choice": [...]}, {"uniform": [low, high]}, ' +
        '{"log": [low, high]} or {"integer": [low, high]}',
    ),
  recipe: z
    .string()
    .optional()
    .describe("JSON file with the options that all trials share, as for reproduce"),
  trials: z.int().min(1).max(10_000).default(20).describe("number of random trials"),
  seeds: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe("number of training seeds per trial; the seeds are 1 to this number"),
  seed: z.int().min(0).default(1).describe("seed of the random trials"),
  epochs: z.int().min(1).max(10_000).default(30).describe("maximum number of epochs of a trial"),
  halving: z
    .number()
    .min(1)
    .max(10)
    .default(3)
    .describe(
      "factor of successive halving: the best 1/HALVING of the trials continue with HALVING times " +
        "the epochs; 1: random search, every trial gets all epochs",
    ),
  metric: z
    .string()
    .optional()
    .describe(
      "validation metric that ranks the trials (default: Accuracy for classification, otherwise MAE)",
    ),
  out: z
    .string()
    .default("sweep")
    .describe(
      "folder for sweep.json, best.json (a recipe) and the finished runs. Runs that exist there are not " +
        "repeated",
    ),
  arithmetic: backendFields.arithmetic,
  workers: z
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe("number of threads (default: one per core, at most 4). Results do not depend on it"),
});

type Options = z.infer<typeof schema>;

const SPACE_FILE = {
  what: "search space",
  flag: "--space",
  form: 'For example {"learningRate": {"log": [0.0003, 0.01]}}.',
};

export const sweepCommand = defineCommand({
  name: "sweep",
  description:
    "Searches options of a model, its training and a text encoder, by random search or successive " +
    "halving. Trials are scored on the validation split. The test split is never read.",
  schema,
  examples: [
    "euar sweep --data mosi.pkl --modalities text --space space.json --trials 27 --epochs 27",
    "euar sweep --data mosi.pkl --model linear --space space.json --halving 1 --seeds 3",
    "euar sweep --data mosi.pkl --modalities text --text-encoder all-MiniLM-L6-v2 --space space.json",
    "euar reproduce table2 --data mosi.pkl --recipe sweep/best.json",
  ],
  run: async (options, context) => {
    const result = await run(options, context);
    await writeWhole(join(options.out, "sweep.json"), jsonFile(result));
    if (result.best) await writeWhole(join(options.out, "best.json"), jsonFile(result.best));
    context.result(result, sweepText(result, options.out, context.style.bold));
    const [first] = result.failures;
    if (first)
      throw new PartialFailure("train.diverged", result.failures.length, result.trials.length, "run");
  },
});

async function run(options: Options, context: CommandContext): Promise<SweepResult> {
  const { data, modalities, model, trials, seeds, seed, epochs, halving, metric, out } = options;
  await requireArithmetic(options.arithmetic);
  const recipe = readRecipe(options.recipe);
  const encoder = recipeEncoder(options.textEncoder, recipe);
  const space = parseSearchSpace(readJsonFile(options.space, SPACE_FILE), model, {
    name: options.space,
    withEncoder: encoder !== undefined,
  });
  const workers = options.workers ?? defaultWorkers();
  const interrupted = (cause: unknown): Error =>
    new TrainError("train.interrupted", "the sweep was interrupted", {
      hint: "Run the same command again to continue. Finished runs are not repeated.",
      cause,
    });
  return interruptibleWork(
    context,
    { label: "sweep", stopping: "Stopping. Finished runs are kept.", interrupted },
    (signal, progress) =>
      sweep(
        {
          labels: statedLabels(options),
          source: data,
          encoder,
          modalities,
          model,
          space,
          recipe,
          arithmetic: options.arithmetic,
          trials,
          seeds: Array.from({ length: seeds }, (_, i) => i + 1),
          seed,
          epochs,
          halving,
          metric,
          store: join(out, "jobs"),
        },
        {
          signal,
          onProgress: (now, rung, rungs) => {
            progress.update(
              (rung - 1 + (now.done + now.failures.length) / now.total) / rungs,
              `round ${rung} of ${rungs}: ${jobsText(now)}`,
            );
          },
          openExecutors: (sets) => openExecutors(sets, workers),
        },
      ),
  );
}

function jsonFile(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

const SHOWN = 10;

function sweepText(
  { model, metric, trials, seeds, best }: SweepResult,
  out: string,
  bold: (text: string) => string,
): string {
  const rows = trials.slice(0, SHOWN).map(({ trial, epochs, score }) => [
    String(trial.number),
    String(epochs),
    fixed(score),
    leavesOf({ ...trial.config, ...trial.train })
      .map(([option, value]) => `${option} ${JSON.stringify(value)}`)
      .join(", "),
  ]);
  const table = textTable(
    {
      caption:
        `${model}: the best of ${trials.length} trials by ${metric} on the validation split, mean over ` +
        `${seeds.length} seeds`,
      columns: [
        { heading: "trial" },
        { heading: "epochs", numeric: true },
        { heading: metric, numeric: true },
        { heading: "options" },
      ],
      rows,
    },
    bold,
  );
  return [
    table,
    best === null ? "No trial succeeded." : `The best trial is in ${join(out, "best.json")}, a recipe.`,
  ].join("\n\n");
}
