import { join } from "node:path";
import { z } from "zod";
import { ConfigError } from "../../core/errors.js";
import { SPLIT_NAMES, type Task } from "../../data/dataset.js";
import { parseCorruption } from "../../corruption/parse-corruption.js";
import { showCorruption } from "../../corruption/corruption.js";
import { corruptionKinds } from "../../corruption/register-corruption.js";
import { loadDataset } from "../../data/formats/load-dataset.js";
import { findModality } from "../../data/modality-names.js";
import { builtInProtocols } from "../../protocols/built-in.js";
import type { Protocol } from "../../protocols/protocol-schema.js";
import { Predictor } from "../../predict/predictor.js";
import { evaluate, type EvaluateOptions } from "../../evaluate/evaluate.js";
import { evaluateProtocol } from "../../evaluate/evaluate-protocol.js";
import { backendChoice, backendFields } from "../backend-fields.js";
import { defineCommand } from "../command.js";
import type { CommandContext } from "../context.js";
import { datasetOptions, dataFields } from "../data-options.js";
import { loadForModel } from "../load-for-model.js";
import { datasetForRun } from "../text-encoder.js";
import { loadProtocol } from "../load-protocol.js";
import { evaluationText } from "./evaluate-text.js";
import { protocolText } from "./protocol-text.js";

const schema = z.strictObject({
  run: z.string().default("run").describe("run folder, or a weights.safetensors file"),
  ...dataFields,
  split: z.enum(SPLIT_NAMES).default("test").describe("split to evaluate on"),
  available: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("modalities that the model may use; the others count as missing"),
  noise: z
    .array(z.string())
    .default([])
    .describe(
      "corruptions to apply to the features first, in order, as kind:amount or modality=kind:amount; " +
        `kinds: ${corruptionKinds().join(", ")}`,
    ),
  seed: z.int().min(0).default(1).describe("seed of the noise"),
  protocol: z
    .string()
    .min(1)
    .optional()
    .describe(
      `evaluate under each condition of a protocol: ${[...builtInProtocols.keys()].join(", ")}, or ` +
        "the path of a .json file; see docs/protocols.md. For a protocol that retrains, --run is a " +
        "folder with one run per condition, named after the condition (text, text+audio, ...)",
    ),
  level: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.9)
    .describe("nominal coverage of prediction intervals and sets of classes, as a fraction"),
  ...backendFields,
});

export const evaluateCommand = defineCommand({
  name: "evaluate",
  description:
    "Evaluates a trained run on a split, with any subset of its modalities and any corruption. Reports " +
    "the metrics, and for each modality its predicted uncertainty and its contribution to the " +
    "prediction. Also reports how well the uncertainty follows the true severity (if known), the error " +
    "of the most certain half, and the coverage of the prediction intervals, overall and by " +
    "uncertainty.",
  schema,
  examples: [
    "euar evaluate --run run --data mosi.pkl",
    "euar evaluate --run run --data mosi.pkl --split test --available text --noise gaussian:1 --json",
    "euar evaluate --run run --data synthetic --noise text=gaussian:0.5,missing:0.3",
    "euar evaluate --run run --data mosi.pkl --protocol random-missing",
    "euar evaluate --run run --data mosi.pkl --protocol configs/protocols/frame-drop.json --json",
  ],
  underlay: (given) => {
    const idle =
      given.protocol === undefined
        ? undefined
        : (["noise", "available", "seed"] as const).find((key) => given[key] !== undefined);
    if (idle === undefined) return {};
    throw new ConfigError(
      "config.conflict",
      `euar evaluate: --${idle} conflicts with --protocol, which defines the corruption and its seed`,
      { hint: `Leave --${idle} out, or write your own protocol (see docs/protocols.md).` },
    );
  },
  run: async (options, context) => {
    if (options.protocol === undefined) await measureOnce(options, context);
    else await measureProtocol(options, loadProtocol(options.protocol), context);
  },
});

type Options = z.infer<typeof schema>;

async function measureOnce(options: Options, context: CommandContext): Promise<void> {
  const corruption = options.noise.flatMap(parseCorruption);
  const model = await Predictor.load(options.run, backendChoice(options));
  const known = model.modalities.map(({ name }) => name);
  const available = options.available?.map((name) => findModality(name, known, "euar evaluate, --available"));
  const dataset = await datasetForRun(await loadForModel(options, model), model.config);
  const result = await evaluate(model, dataset, {
    ...statedScale(options, dataset.task),
    split: options.split,
    corruption,
    seed: options.seed,
    level: options.level,
    ...(available && { available }),
  });
  for (const warning of result.warnings) context.warn(warning);
  const noise = corruption.map(showCorruption);
  context.result({ ...result, noise }, evaluationText(result, noise, context.style));
}

async function measureProtocol(options: Options, protocol: Protocol, context: CommandContext): Promise<void> {
  const { split, level } = options;
  const choice = backendChoice(options);
  const single = protocol.models === "one-model" ? await Predictor.load(options.run, choice) : undefined;
  const known = single?.modalities.map(({ name }) => name);
  const dataset =
    single === undefined
      ? await loadDataset(options.data, datasetOptions(options))
      : await datasetForRun(await loadForModel(options, single), single.config);
  const progress = await context.progress("evaluate", 1);
  try {
    const result = await evaluateProtocol({
      ...{ protocol, dataset, split, level },
      ...statedScale(options, dataset.task),
      modalities: known ?? dataset.modalities.map(({ name }) => name),
      ...(single === undefined && { datasetOf: ({ config }) => datasetForRun(dataset, config) }),
      modelOf: ({ name }) => single ?? Predictor.load(runOf(options.run, name), choice),
      onProgress: (done, total, name) => {
        progress.update(done / total, name);
      },
    });
    progress.stop();
    for (const warning of result.warnings) context.warn(warning);
    context.result(result, protocolText(result, context.style));
  } finally {
    progress.stop();
  }
}

/** Returns the task with the label scale that the user states instead of the model's own. */
function statedScale({ range, threshold, bins }: Options, { kind }: Task): Pick<EvaluateOptions, "scale"> {
  if (kind !== "regression") return {}; // the data set was read with these options
  const scale = {
    ...(range && { range }),
    ...(threshold !== undefined && { threshold }),
    ...(bins && { bins }),
  };
  return Object.keys(scale).length === 0 ? {} : { scale };
}

/**
 * Returns the run folder of a condition whose model was trained for it. Protocol files are untrusted: the
 * name of a condition must not lead out of `folder`.
 */
function runOf(folder: string, condition: string): string {
  if (!/[/\\]|^\.\.?$/.test(condition)) return join(folder, condition);
  throw new ConfigError("config.invalid", `the condition "${condition}" cannot be the name of a run folder`, {
    hint: "Give it a name without slashes.",
  });
}
