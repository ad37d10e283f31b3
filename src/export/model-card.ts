import { leavesOf } from "../core/nested-options.js";
import { packageInfo } from "../core/package-info.js";
import type { Task } from "../data/dataset.js";
import { fixed } from "../report/numbers.js";
import type { RunConfig } from "../runs/results.js";
import type { OnnxExport } from "./export-onnx.js";
import { code, plain, table } from "./markdown.js";
import type { MetricInterval } from "./metric-intervals.js";
import { IR_VERSION, OPSET, type OnnxValue } from "../onnx/onnx-model.js";

/** Content of a model card. */
export interface ModelCard {
  readonly config: RunConfig;
  readonly hash: string;
  readonly bestEpoch: number;
  readonly parameters: number;
  readonly exported: OnnxExport;
  /** sha-256 of model.onnx. */
  readonly digest: string;
  /** Metrics on the test split. Undefined if the run folder is not available. */
  readonly metrics: readonly MetricInterval[] | undefined;
  /** Largest difference from onnxruntime. Undefined if it was not compared. */
  readonly difference: number | undefined;
  readonly normalisation: string;
}

/**
 * Writes MODEL_CARD.md in the order of Mitchell et al. 2019 ("Model Cards for Model Reporting"): description,
 * use, data, metrics, limits.
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
        ? `classifies into ${data.task.classes.map(plain).join(", ")}`
        : `predicts which of ${data.task.labels.map(plain).join(", ")} are present`;
  const names = data.modalities.map(({ name }) => plain(name)).join(", ");
  return (
    `# ${plain(data.name)}: ${plain(model.name)}\n\nA multimodal sentiment model that ${task} from ` +
    `features of ${names}. Any of them may be missing.`
  );
}

function rangeOf(task: Task): string {
  return task.kind === "regression" && task.range
    ? ` on a scale from ${task.range[0]} to ${task.range[1]}`
    : "";
}

function files({ exported, digest, hash, config, difference }: ModelCard): string {
  const checked =
    difference === undefined
      ? "It was not compared with the original at export, because onnxruntime-web was not installed."
      : "At export, its outputs were compared with the original's in onnxruntime-web, on random " +
        "features with every subset of the inputs. The largest difference was " +
        `${difference.toExponential(1)}, relative to max(1, |value|).`;
  return [
    "## Files",
    `- ${code("model.onnx")}: ${exported.bytes.length} bytes, ONNX opset ${OPSET}, IR version ` +
      `${IR_VERSION}, sha-256 ${code(digest)}. ${checked}`,
    `- Written by ${packageInfo.name} ${packageInfo.version} from the run ${code(hash)}, which was ` +
      `trained by version ${plain(config.package.version)}. The file's metadata has the same ` +
      "information.",
  ].join("\n");
}

function useSection({ exported, config }: ModelCard): string {
  const example = exported.inputs.map(({ name, dims }) => {
    const sizes = dims.map((extent) => (extent === "batch" ? 1 : typeof extent === "string" ? 5 : extent));
    return `    ${JSON.stringify(name)}: np.zeros((${sizes.join(", ")},), np.float32),`;
  });
  const body = [
    "import numpy as np, onnxruntime",
    'session = onnxruntime.InferenceSession("model.onnx")',
    "inputs = {",
    ...example,
    "}",
    "# fill in the features, and set present_... to 1 for the modalities of the sample",
  ];
  const first = config.data.task.kind === "regression" ? "prediction" : "probabilities";
  return ["## Use", "```python", ...body, `print(session.run(["${first}"], inputs))`, "```"].join("\n");
}

function inputSection({ exported, config, normalisation }: ModelCard): string {
  return [
    "## Inputs",
    valueTable(exported.inputs),
    "",
    `Pass the features of the adapter unchanged. The graph includes ${normalisation}, in float32. ` +
      "Values of a missing modality or of padding do not matter, but they must be passed. A mask or " +
      "presence is true if it is not 0.",
    "",
    "Features must be finite: the graph cannot reject NaN, and would return NaN. A sample without " +
      "any modality always gets the same constant prediction.",
    "",
    ...origins(config),
    ...renamed(exported, config),
  ].join("\n");
}

/** Describes how the features were extracted, as far as the data set states it. */
function origins({ data }: RunConfig): string[] {
  const known = Object.entries(data.features ?? {});
  if (known.length === 0)
    return [
      "**Feature extraction.** The data set does not state it. Use the same adapter, options and " +
        "versions as for the training data.",
    ];
  const rows = known.map(([modality, { adapter, version, options, packages, preparation }]) => {
    const settings = Object.entries({ ...options, ...preparation }).map(
      ([key, value]) => `${key} ${String(value)}`,
    );
    const versions = Object.entries(packages).map(([name, value]) => `${name} ${value}`);
    return [modality, `${adapter}, version ${version}`, settings.join(", "), versions.join(", ")].map(plain);
  });
  return [
    "**Feature extraction.** Only features extracted in the same way fit:",
    "",
    table(["modality", "adapter", "options", "packages and files"], rows),
  ];
}

/** Lists modalities whose names are not identifiers. */
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
    `${plain(data.name)}: ${train} samples for training, ${valid} for choosing the epoch, ${test} ` +
      `for testing. Fingerprint ${code(data.fingerprint)}.`,
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
    `Model ${code(config.model.name)} with ${parameters} trained values: ` +
      `${settings(config.model.config) || "no options"}.`,
    "",
    `Training: one run with seed ${config.train.seed}, epoch ${bestEpoch} chosen on the validation ` +
      `split; ${settings(config.train)}.`,
  ].join("\n");
}

function metricSection({ metrics, config }: ModelCard): string {
  if (!metrics) return "## Metrics\n\nUnknown: exported from a weight file without its run folder.";
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
    "The interval is a percentile bootstrap over test samples (1000 resamples). It covers the choice " +
      "of test samples. It does not cover other training seeds, other data or other conditions.",
  ].join("\n");
}

function limits({ exported, config }: ModelCard): string {
  const euar = config.model.name === "euar";
  return [
    "## Limits",
    "- It was trained on one data set: its language, topics, speakers, recording conditions and " +
      "annotators. Performance elsewhere is unknown; evaluate it on labelled data of the target first.",
    "- Its prediction is an annotator's likely rating of a clip, not a person's feeling. It is not " +
      "intended for decisions about people.",
    "- Differences between groups of people were not measured, because the training data have no " +
      "group labels here.",
    ...(euar
      ? [
          "- Its uncertainty ranks inputs by how noisy they look to the model. It is not an error " +
            "bar. The intervals of `euar predict` are not in the graph.",
        ]
      : []),
    ...(euar
      ? [
          "- If two experts have almost equal gates, the rounding of another runtime may select the " +
            "other one. The outputs then differ by more than rounding.",
        ]
      : []),
    ...(euar
      ? [
          "- The graph computes all experts and then discards those that were not selected: the same " +
            "result with more work than the original.",
        ]
      : []),
    ...(exported.batchDependent
      ? [
          "- **Its gate is divided by its sum over the batch, as in the published code. A sample's " +
            "prediction therefore depends on the other samples of its batch**, as in the original.",
        ]
      : ["- A sample's prediction does not depend on the other samples of its batch."]),
  ].join("\n");
}

function licence(): string {
  return (
    "## Licence\n\nNot stated. The permitted uses of the weights depend on the licences of the " +
    "training data and of the adapters. Whoever distributes this model must state them here."
  );
}
