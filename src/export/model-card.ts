import { leavesOf } from "../core/nested-options.js";
import { packageInfo } from "../core/package-info.js";
import type { Task } from "../data/dataset.js";
import { fixed } from "../report/numbers.js";
import type { RunConfig } from "../runs/results.js";
import type { OnnxExport } from "./export-onnx.js";
import { code, plain, table } from "./markdown.js";
import type { MetricInterval } from "./metric-intervals.js";
import { IR_VERSION, OPSET, type OnnxValue } from "./onnx/onnx-model.js";

/** What a model card is written from. */
export interface ModelCard {
  readonly config: RunConfig;
  readonly hash: string;
  readonly bestEpoch: number;
  readonly parameters: number;
  readonly exported: OnnxExport;
  /** sha-256 of model.onnx. */
  readonly digest: string;
  /** On the test split; undefined where the run's folder is not at hand. */
  readonly metrics: readonly MetricInterval[] | undefined;
  /** Largest difference to onnxruntime; undefined where it was not compared. */
  readonly difference: number | undefined;
  readonly normalisation: string;
}

/**
 * MODEL_CARD.md in the order of Mitchell et al. 2019 ("Model Cards for Model Reporting"): what it is, use,
 * data, metrics, limits.
 */
export function modelCard(card: ModelCard): string {
  const sections = [
    overview(card),
    files(card),
    useSection(card),
    inputSection(card),
    outputSection(card),
    dataSection(card),
    trainingSection(card),
    metricSection(card),
    limits(card),
    licence(),
  ];
  return `${sections.join("\n\n")}\n`;
}

function overview({ config }: ModelCard): string {
  const { data, model } = config;
  const task =
    data.task.kind === "regression"
      ? `predicts ${data.task.targets.map(plain).join(", ")}${rangeOf(data.task)}`
      : data.task.kind === "classification"
        ? `tells ${data.task.classes.map(plain).join(", ")} apart`
        : `says which of ${data.task.labels.map(plain).join(", ")} are present`;
  const names = data.modalities.map(({ name }) => plain(name)).join(", ");
  return `# ${plain(data.name)}: ${plain(model.name)}\n\nA multimodal sentiment model that ${task} from features of ${names}. Any of them may be absent.`;
}

function rangeOf(task: Task): string {
  return task.kind === "regression" && task.range
    ? ` on a scale from ${task.range[0]} to ${task.range[1]}`
    : "";
}

function files({ exported, digest, hash, config, difference }: ModelCard): string {
  const checked =
    difference === undefined
      ? "It was not compared with the original at export, because onnxruntime-web is not installed there."
      : `At export its outputs were compared with the original's in onnxruntime-web, on random features with every subset of the inputs: the largest difference was ${difference.toExponential(1)}, relative to max(1, |value|).`;
  return [
    "## Files",
    `- ${code("model.onnx")}: ${exported.bytes.length} bytes, ONNX opset ${OPSET}, IR version ${IR_VERSION}, sha-256 ${code(digest)}. ${checked}`,
    `- Written by ${packageInfo.name} ${packageInfo.version} from the run ${code(hash)}, which was trained by version ${plain(config.package.version)}. The same is in the file's metadata.`,
  ].join("\n");
}

function useSection({ exported, config }: ModelCard): string {
  const example = exported.inputs.map(
    ({ name, dims }) =>
      `    ${JSON.stringify(name)}: np.zeros((${dims.map((extent) => (extent === "batch" ? 1 : typeof extent === "string" ? 5 : extent)).join(", ")},), np.float32),`,
  );
  const body = [
    "import numpy as np, onnxruntime",
    'session = onnxruntime.InferenceSession("model.onnx")',
    "inputs = {",
    ...example,
    "}",
    "# fill in the features, and 1 in present_... for what the sample has",
  ];
  const first = config.data.task.kind === "regression" ? "prediction" : "probabilities";
  return ["## Use", "```python", ...body, `print(session.run(["${first}"], inputs))`, "```"].join("\n");
}

function inputSection({ exported, config, normalisation }: ModelCard): string {
  return [
    "## Inputs",
    valueTable(exported.inputs),
    "",
    `Features go in as their extractor gives them; ${normalisation} is part of the graph, in double precision. What is passed for an absent modality or for padding does not matter, but it must be passed. A mask and a presence are true where they are not 0.`,
    "",
    "Features must be finite: the graph cannot refuse NaN, and would answer NaN. A sample without any modality gets the same constant prediction whatever it is.",
    "",
    ...origins(config),
    ...renamed(exported, config),
  ].join("\n");
}

/** What made the features, as far as the data set told the run. */
function origins({ data }: RunConfig): string[] {
  const known = Object.entries(data.features ?? {});
  if (known.length === 0)
    return [
      "**What made the features.** The data set does not say. Use the same extractor, options and versions as for the training data.",
    ];
  const rows = known.map(([modality, { adapter, version, options, packages, preparation }]) => {
    const settings = Object.entries({ ...options, ...preparation }).map(
      ([key, value]) => `${key} ${String(value)}`,
    );
    const versions = Object.entries(packages).map(([name, value]) => `${name} ${value}`);
    return [modality, `${adapter}, version ${version}`, settings.join(", "), versions.join(", ")].map(plain);
  });
  return [
    "**What made the features.** Only features made in the same way fit:",
    "",
    table(["modality", "adapter", "options", "packages and files"], rows),
  ];
}

/** Modalities whose names are no identifiers. */
function renamed({ names }: OnnxExport, { data }: RunConfig): string[] {
  const others = data.modalities.flatMap(({ name }) =>
    names[name] === name || names[name] === undefined ? [] : [`${plain(name)} is ${code(names[name])}`],
  );
  return others.length === 0 ? [] : ["", `Names in the graph: ${others.join(", ")}.`];
}

function outputSection({ exported }: ModelCard): string {
  return ["## Outputs", valueTable(exported.outputs)].join("\n");
}

function valueTable(values: readonly OnnxValue[]): string {
  return table(
    ["name", "type", "shape", "meaning"],
    values.map(({ name, type, dims, description }) => [
      code(name),
      type,
      `[${dims.map((extent) => (typeof extent === "number" ? String(extent) : plain(extent))).join(", ")}]`,
      plain(description),
    ]),
  );
}

function dataSection({ config: { data } }: ModelCard): string {
  const { train, valid, test } = data.sizes;
  return [
    "## Data",
    `${plain(data.name)}: ${train} samples for training, ${valid} for choosing the epoch, ${test} for the test. Fingerprint ${code(data.fingerprint)}.`,
    "",
    table(
      ["modality", "features", "longest sequence"],
      data.modalities.map(({ name, width, steps }) => [plain(name), String(width), String(steps)]),
    ),
  ].join("\n");
}

function trainingSection({ config, bestEpoch, parameters }: ModelCard): string {
  const settings = (values: Readonly<Record<string, unknown>>): string =>
    leavesOf(values)
      .map(([key, value]) => `${key} ${code(typeof value === "string" ? value : JSON.stringify(value))}`)
      .join(", ");
  return [
    "## Model and training",
    `Model ${code(config.model.name)} with ${parameters} trained values: ${settings(config.model.config) || "no options"}.`,
    "",
    `Training, one run of seed ${config.train.seed}, epoch ${bestEpoch} chosen on the validation split: ${settings(config.train)}.`,
  ].join("\n");
}

function metricSection({ metrics, config }: ModelCard): string {
  if (!metrics)
    return "## Metrics\n\nNot known: this was exported from a weight file without its run folder.";
  const rows = metrics.map(({ name, value, interval }) => [
    code(name),
    fixed(value, 4),
    interval ? `${fixed(interval[0], 4)} to ${fixed(interval[1], 4)}` : "undefined on some resamples",
  ]);
  return [
    "## Metrics",
    `On the ${config.data.sizes.test} test samples, with all the modalities that each sample has.`,
    "",
    table(["metric", "value", "95% interval"], rows),
    "",
    "The interval is a percentile bootstrap over test samples (1000 resamples). It says how much the value owes to this choice of test samples; other seeds of training, other data and other conditions are not in it.",
  ].join("\n");
}

function limits({ exported, config }: ModelCard): string {
  const euar = config.model.name === "euar";
  return [
    "## Limits",
    "- It has learned from one data set: its language, topics, speakers and recording conditions, and how its annotators judged. Nothing is known about others; measure it on labelled data of the target first.",
    "- What it says is an annotator's likely rating of a clip, not what a person feels. It is not made for decisions about people.",
    "- Whether groups of people are judged differently was not measured; the data it was trained on carry no such labels here.",
    ...(euar
      ? [
          "- Its uncertainty ranks inputs by how noisy they look to the model. It is no error bar, and the intervals that `euar predict` states are not in the graph.",
        ]
      : []),
    ...(euar
      ? [
          "- Of two experts with almost equal gates, another runtime's rounding may choose the other one; then its outputs differ by more than rounding.",
        ]
      : []),
    ...(euar
      ? [
          "- The graph computes all experts and then leaves out those that were not chosen: the same result, more work than the original does.",
        ]
      : []),
    ...(exported.batchDependent
      ? [
          "- **Its gate is divided by its sum over the batch (the published code's): a sample's prediction depends on the other samples that it is scored with**, here as in the original.",
        ]
      : ["- A sample's prediction does not depend on the other samples of its batch."]),
  ].join("\n");
}

function licence(): string {
  return "## Licence\n\nNot stated. What may be done with the weights depends on the licences of the training data and of what extracted the features; whoever passes this model on has to say so here.";
}
