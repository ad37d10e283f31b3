import { must } from "../core/checked-call.js";
import { ConfigError } from "../core/errors.js";
import { packageInfo } from "../core/package-info.js";
import { outputNames, outputsOf, type Task } from "../data/dataset.js";
import { parseEncoderConfig } from "../encoders/encoder-config.js";
import type { EncoderRecord } from "../encoders/open-encoder.js";
import type { Model } from "../models/model.js";
import { Predictor } from "../predict/predictor.js";
import { knownModels, modelNamed, resolveModelConfig } from "../models/registry.js";
import { thresholdsOf } from "../runs/stored-calibration.js";
import { encodeModel } from "../onnx/encode-model.js";
import { GraphBuilder, type Value } from "../onnx/graph-builder.js";
import { reshape, type Site, sum } from "../onnx/layers.js";
import { encodedPort, modalityPort, type ModalityPort, portNames } from "../onnx/modality-input.js";
import type { DiagnosticValues, ModelGraph } from "../onnx/model-graph.js";
import { textEncoderGraph } from "../onnx/text-encoder-graph.js";
import { elementTypes, type OnnxGraph, type OnnxValue } from "../onnx/onnx-model.js";

const PREDICTOR = must({
  expected: "a result of Predictor.load or train",
  holds: (value) => value instanceof Predictor,
});

/** Trained model as an ONNX file, with the information needed to use it. */
export interface OnnxExport {
  readonly bytes: Uint8Array;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Name of each modality in the graph. */
  readonly names: Readonly<Record<string, string>>;
  /** True if a sample's prediction depends on the other samples of its batch, as in the original. */
  readonly batchDependent: boolean;
}

/**
 * Writes a trained model as one ONNX file (opset 17). The inputs are unnormalised features (the normalisation
 * is in the graph), or token ids if an encoder reads the text. The outputs are the prediction and its
 * diagnostics. Accepts any number of samples with any missing modalities.
 * @throws ConfigError for a model without ONNX export, an option that this version does not know, or a model
 * that is too large for one file
 */
export async function exportOnnx(predictor: Predictor): Promise<OnnxExport> {
  PREDICTOR(predictor, "exportOnnx, argument 1");
  const { config, network, normaliser } = predictor;
  const { task, modalities } = config.data;
  const form = await formOf(config.model.name, config.model.config);
  const site: Site = { graph: new GraphBuilder(), parameters: arraysOf(network) };
  const names = portNames(modalities.map(({ name }) => name));
  const { encoder } = config;
  const isEncoded = (modality: string): boolean => modality === encoder?.modality;
  const ports = modalities.flatMap(({ width, steps }, m) => {
    const name = names[m];
    if (!name) return [];
    if (encoder && isEncoded(name.modality))
      return [
        encodedPort(site, name, form.needsSteps, normaliser, (ids, mask) =>
          textEncoderGraph(site, encoder, ids, mask),
        ),
      ];
    return [modalityPort(site, name, width, form.needsSteps || steps > 1, normaliser)];
  });
  const { prediction, diagnostics } = form.build(
    site,
    ports,
    modalities.map(({ name, width }) => (encoder && isEncoded(name) ? widthOf(encoder) : width)),
  );
  declareOutputs({
    site,
    task,
    thresholds: thresholdsOf(predictor.calibration),
    ports,
    prediction,
    diagnostics,
  });
  const graph = site.graph.graph(config.model.name);
  return {
    bytes: encodeModel({
      producer: packageInfo,
      description: descriptionOf(predictor),
      graph,
      metadata: metadataOf(predictor, form, names),
    }),
    inputs: graph.inputs,
    outputs: graph.outputs,
    names: Object.fromEntries(names.map(({ modality, id }) => [modality, id])),
    batchDependent: form.batchDependent,
  };
}

/** Returns the model's arrays by name, trained or not. */
function arraysOf({ parameters, constants = [] }: Model): Site["parameters"] {
  const fixed = new Map(constants.map((constant) => [constant.name, constant]));
  return { get: (name) => fixed.get(name) ?? parameters.get(name) };
}

function widthOf({ architecture }: EncoderRecord): number {
  return parseEncoderConfig(architecture, "the run's text encoder").hidden;
}

function formOf(name: string, options: Readonly<Record<string, unknown>>): Promise<ModelGraph> {
  const model = modelNamed(name);
  if (model.onnx) return model.onnx(resolveModelConfig(name, options));
  const writable = knownModels().filter((each) => each.onnx !== undefined);
  throw new ConfigError("config.invalid", `a model "${name}" cannot be exported to ONNX`, {
    hint: `These models can: ${writable.map((each) => each.name).join(", ")}.`,
  });
}

interface Outputs {
  readonly site: Site;
  readonly task: Task;
  /** Thresholds of a multi-label task, [L]. */
  readonly thresholds: Float64Array | undefined;
  readonly ports: readonly ModalityPort[];
  readonly prediction: Value;
  readonly diagnostics: readonly DiagnosticValues[];
}

function declareOutputs({ site, task, thresholds, ports, prediction, diagnostics }: Outputs): void {
  const { graph } = site;
  const width = outputsOf(task);
  const declare = (value: OnnxGraph["outputs"][number], source: Value | undefined): void => {
    if (source) graph.output(value, source);
  };
  const isScores = task.kind !== "regression";
  const names = outputNames(task).join(", ");
  declare(
    {
      name: "prediction",
      type: "float",
      dims: ["batch", width],
      description: isScores ? `logits of ${names}` : names,
    },
    prediction,
  );
  if (isScores) {
    const probabilities =
      task.kind === "classification"
        ? graph.node("Softmax", [prediction], { axis: { int: -1 } })
        : graph.node("Sigmoid", [prediction]);
    declare(
      {
        name: "probabilities",
        type: "float",
        dims: ["batch", width],
        description: `probabilities of ${names}`,
      },
      probabilities,
    );
    if (thresholds !== undefined && task.kind === "multi-label") {
      const decided = graph.node("GreaterOrEqual", [probabilities, graph.floats([...thresholds], [width])]);
      declare(
        {
          name: "decisions",
          type: "float",
          dims: ["batch", width],
          description: `1 if the probability reaches the label's threshold (${names}), otherwise 0`,
        },
        graph.node("Cast", [decided], { to: { int: elementTypes.float } }),
      );
    }
  }
  declare(
    {
      name: "uncertainty",
      type: "float",
      dims: ["batch"],
      description: "mean uncertainty of the present modalities; NaN without any",
    },
    overall(site, ports, diagnostics),
  );
  ports.forEach(({ id, modality }, m) => {
    const { contribution, uncertainty, experts, gates, sigma2, slots = 0 } = diagnostics[m] ?? {};
    const perSlot = ["batch", slots] as const;
    declare(
      {
        name: `contribution_${id}`,
        type: "float",
        dims: ["batch"],
        description: `share of ${modality} in the prediction`,
      },
      contribution,
    );
    declare(
      {
        name: `uncertainty_${id}`,
        type: "float",
        dims: ["batch"],
        description: `uncertainty of ${modality}: gate-weighted mean of sigma^2; NaN if missing`,
      },
      uncertainty,
    );
    declare(
      {
        name: `experts_${id}`,
        type: "int32",
        dims: perSlot,
        description: `selected experts of ${modality}, by descending gate; -1 if missing`,
      },
      experts,
    );
    declare(
      {
        name: `gates_${id}`,
        type: "float",
        dims: perSlot,
        description: "gates of the selected experts; 0 if missing",
      },
      gates,
    );
    declare(
      {
        name: `sigma2_${id}`,
        type: "float",
        dims: perSlot,
        description: `mean variances of the selected experts; NaN if missing`,
      },
      sigma2,
    );
  });
}

/** Computes the mean uncertainty of the present modalities, as train/prediction.ts does. [B] */
function overall(
  site: Site,
  ports: readonly ModalityPort[],
  diagnostics: readonly DiagnosticValues[],
): Value | undefined {
  const { graph } = site;
  const uncertainties = diagnostics.flatMap(({ uncertainty }) =>
    uncertainty ? [reshape(site, uncertainty, [-1, 1])] : [],
  );
  if (uncertainties.length < ports.length) return undefined;
  const each = ports.flatMap(({ has }, m) =>
    uncertainties[m] ? [graph.node("Where", [has, uncertainties[m], graph.scalar(0)])] : [],
  );
  const count = graph.node(
    "Sum",
    ports.map(({ present }) => present),
  ); // [B, 1]
  // 0 / 0 if no modality is present
  return sum(site, graph.node("Div", [graph.node("Sum", each), count]), 1, false);
}

function descriptionOf({ config, hash }: Predictor): string {
  return (
    `Multimodal sentiment model (${config.model.name}) trained by ${packageInfo.name} ` +
    `${config.package.version} on ${config.data.name}; run ${hash}.`
  );
}

/** Returns metadata texts by key, for programs that only have the file. */
function metadataOf(
  { config, hash }: Predictor,
  { options, batchDependent }: ModelGraph,
  names: readonly { readonly modality: string; readonly id: string }[],
): Record<string, string> {
  return {
    format: "euar-onnx/2",
    hash,
    model: JSON.stringify({ name: config.model.name, options }),
    task: JSON.stringify(config.data.task),
    modalities: JSON.stringify(
      config.data.modalities.map(({ name, width, steps }, m) => ({ name, id: names[m]?.id, width, steps })),
    ),
    ...(config.encoder && { encoder: config.encoder.digest }),
    ...(config.data.features && { features: JSON.stringify(config.data.features) }),
    batch_dependent: String(batchDependent),
  };
}
