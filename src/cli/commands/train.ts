import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ConfigError } from "../../core/errors.js";
import { loadDataset } from "../../data/formats/load-dataset.js";
import type { Dataset } from "../../data/dataset.js";
import type { TrainResult } from "../../runs/results.js";
import { runFiles } from "../../runs/run-files.js";
import { storedResult } from "../../train/stored-run.js";
import { train } from "../../train/train.js";
import { modelChoice, modelNamed } from "../../models/registry.js";
import { trainConfigSchema } from "../../models/train-config.js";
import { backendChoice, backendFields } from "../backend-fields.js";
import type { OpenedEncoder } from "../../encoders/open-encoder.js";
import { textEncoderSchema } from "../../encoders/text-encoder-config.js";
import { withTextEncoder } from "../text-encoder.js";
import { defineCommand } from "../command.js";
import type { CommandContext } from "../context.js";
import { dataFields, datasetOptions } from "../data-options.js";
import { refuseIdleOptions } from "../idle-options.js";
import {
  formerFlag,
  modelFlags,
  modelFields,
  optionGroup,
  pickFor,
  presetValues,
  readFormer,
  shownForModel,
} from "../model-options.js";
import { followTraining } from "../train-progress.js";
import { summaryOf } from "./seeds-summary.js";
import { seedsText, trainText } from "./train-text.js";

const schema = z.strictObject({
  ...dataFields,
  out: z.string().default("run").describe("run folder to write"),
  ...modelFlags,
  ...modelFields,
  seeds: z
    .array(z.int().min(0))
    .min(1)
    .optional()
    .describe(
      "seeds to train with, each into its own folder (OUT/seed-1, ...); reports means and standard " +
        "deviations. Excludes --seed. A deterministic model (ridge) is trained once",
    ),
  ...backendFields,
  resume: z
    .boolean()
    .default(false)
    .describe(
      "resume an interrupted run in OUT; all other options must be the same. A finished run is " +
        "reported, not repeated. With --seeds, missing seeds are trained",
    ),
  overwrite: z.boolean().default(false).describe("replace an existing run in OUT"),
  ...trainConfigSchema.shape,
  ...textEncoderSchema.shape,
  merge: z
    .boolean()
    .default(false)
    .describe(
      "store the whole text encoder in OUT, so that the run loads without the encoder's folder; by " +
        "default OUT has only the trained part (requires --text-encoder)",
    ),
});

/** Prefix of those data set notes that are printed as warnings. */
const WARNING = "warning: ";

type Options = z.infer<typeof schema>;

export const trainCommand = defineCommand({
  name: "train",
  description:
    "Trains a model on a data set. The best epoch is chosen on the validation split; the test split " +
    "is evaluated once, at the end. OUT gets the resolved configuration with its hash, the history, " +
    "the metrics, the predictions with diagnostics, and the weights.",
  schema,
  examples: [
    "euar train --data mosi.pkl --modalities text,audio --seed 1 --out run --json",
    "euar train --data synthetic --model linear --out run-linear",
    "euar train --data mosi.pkl --preset paper-32 --seeds 1,2,3,4,5 --out runs/mosi",
    "euar train --data mosi.pkl --config settings.json --learning-rate 5e-4 --out run --overwrite",
  ],
  groupOf: optionGroup,
  shownIn: shownForModel,
  former: { read: readFormer, flagOf: formerFlag },
  underlay: (given) => {
    if (given.seeds !== undefined && given.seed !== undefined) {
      throw new ConfigError("config.conflict", "euar train: --seed and --seeds exclude each other", {
        hint: "Give one of them.",
      });
    }
    if (given.resume === true && given.overwrite === true) {
      throw new ConfigError("config.conflict", "euar train: --resume and --overwrite exclude each other", {
        hint: "Give one of them.",
      });
    }
    refuseIdleOptions(given, presetValues(given));
    return presetValues(given);
  },
  run: async (options, context) => {
    const loaded = await loadDataset(options.data, datasetOptions(options));
    const encoded = await withTextEncoder(pickFor(textEncoderSchema, options), loaded);
    const { dataset, encoder } = encoded ?? { dataset: loaded, encoder: undefined };
    reportLabels(dataset, context);
    for (const note of dataset.notes) if (note.startsWith(WARNING)) context.warn(note.slice(WARNING.length));
    const seeds = options.seeds ?? [options.seed];
    const duplicate = seeds.find((seed, i) => seeds.indexOf(seed) !== i);
    if (duplicate !== undefined)
      throw new ConfigError("config.invalid", `euar train: seed ${duplicate} is given twice`, {
        hint: "Give each seed once.",
      });
    const distinct = modelNamed(options.model).deterministic === true ? seeds.slice(0, 1) : seeds;
    if (distinct.length < seeds.length)
      context.log(
        `the model ${options.model} does not depend on the seed; it is trained once, with seed ` +
          `${seeds[0] ?? ""}`,
      );
    const runs = await trainAll(options, { dataset, encoder }, distinct, context);
    for (const warning of new Set(runs.flatMap((run) => run.warnings))) context.warn(warning);
    const [first] = runs;
    if (options.seeds === undefined && first) context.result(jsonOf(first), trainText(first, context.style));
    else {
      const summary = summaryOf(runs);
      context.result({ ...summary, runs: runs.map(jsonOf) }, seedsText(summary, options.out, context.style));
    }
  },
});

/** Prints how the labels were read. Assumed labels give a warning, stated ones a log line. */
function reportLabels({ labelReading }: Dataset, context: CommandContext): void {
  if (labelReading === undefined) return;
  const { source, text } = labelReading;
  if (source === "assumed") context.warn(`labels are assumed to be ${text} (set --task to change this)`);
  else context.log(`labels: ${text}`);
}

async function trainAll(
  options: Options,
  { dataset, encoder }: { readonly dataset: Dataset; readonly encoder: OpenedEncoder | undefined },
  seeds: readonly number[],
  context: CommandContext,
): Promise<TrainResult[]> {
  const { signal, release } = context.interruptible("Stopping after this step and saving a checkpoint.");
  const progress = await context.progress("train", seeds.length);
  const runs: TrainResult[] = [];
  try {
    for (const [i, seed] of seeds.entries()) {
      const onEvent = followTraining(context, progress, i, 1, seeds.length === 1);
      const request = { ...requestOf(options, seed), ...(encoder && { encoder, merge: options.merge }) };
      const stored = options.resume ? storedResult(request, dataset) : undefined;
      if (stored) context.log(`seed ${seed}: already finished, in ${stored.folder ?? ""}`);
      runs.push(stored ?? (await trainOne(request, dataset, { signal, onEvent })));
    }
  } finally {
    progress.stop();
    release();
  }
  return runs;
}

/**
 * Trains one seed. Drops the model, because models of several seeds with a text encoder would fill the
 * memory.
 */
async function trainOne(...request: Parameters<typeof train>): Promise<TrainResult> {
  const { model, ...result } = await train(...request);
  await model.close();
  return result;
}

function requestOf(options: Options, seed: number): Parameters<typeof train>[0] {
  const { model, overwrite, data } = options;
  const out = options.seeds === undefined ? options.out : join(options.out, `seed-${seed}`);
  // With several seeds, finished ones are kept, the interrupted one is resumed, and missing ones are started.
  const resume =
    options.resume && (options.seeds === undefined || existsSync(join(out, runFiles.checkpoint)));
  return {
    model: modelChoice(model, pickFor(modelNamed(model).schema, options)),
    train: trainConfigSchema.parse({ ...pickFor(trainConfigSchema, options), seed }),
    ...backendChoice(options),
    out,
    overwrite,
    resume,
    source: { path: data, ...datasetOptions(options) },
  };
}

/** Returns what `train --json` prints for one run. */
function jsonOf(run: TrainResult): Record<string, unknown> {
  const { config, hash, metrics, coverage, bestEpoch, stoppedEarly, folder, warnings, seconds } = run;
  return {
    config,
    hash,
    metrics,
    coverage: coverage ?? null,
    bestEpoch,
    epochs: run.history.length,
    stoppedEarly,
    folder,
    warnings,
    seconds,
  };
}
