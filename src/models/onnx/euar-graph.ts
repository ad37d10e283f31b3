import { defined } from "../../core/defined.js";
import { ConfigError } from "../../core/errors.js";
import { layOver, optionAt, optionsOf } from "../../core/nested-options.js";
import type { EuarConfig } from "../euar-config.js";
import { isLateFusion } from "../late-fusion.js";
import { contributions } from "./contribution.js";
import { expertMixture, type MixtureValues } from "./expert-mixture.js";
import type { Value } from "../../onnx/graph-builder.js";
import { layerNorm, linear, relu, type Site } from "../../onnx/layers.js";
import type { ModalityPort } from "../../onnx/modality-input.js";
import type { ModelGraph } from "../../onnx/model-graph.js";
import { meanOfInput } from "../../onnx/pooling.js";
import { qualityWithoutGraph } from "./quality-without-graph.js";
import { sequenceEncoder } from "./sequence-encoder.js";
import { type ShiftValues, signalHead } from "./signal-head.js";
import { blended, joinedTo, steadyPath, taken } from "./steady-path.js";

/** Dotted paths of the options in a part. Absent parts have none. */
type PathsIn<Part, Prefix extends string> = Part extends readonly unknown[]
  ? Prefix
  : Part extends object
    ? { [Key in keyof Part & string]: PathsIn<Part[Key], `${Prefix}.${Key}`> }[keyof Part & string]
    : Part extends null
      ? never
      : Prefix;

type OptionPath = { [Key in keyof EuarConfig]-?: PathsIn<EuarConfig[Key], Key> }[keyof EuarConfig];

/** Options of `losses`: their effect is in the weights. */
type LossPath = Extract<OptionPath, `losses.${string}`>;

/**
 * Effect of each other option. "graph": it changes the computation of a trained model. "training": its effect
 * is in the weights. A new option does not compile until it is listed here.
 */
const effect: Readonly<Record<Exclude<OptionPath, LossPath>, "graph" | "training">> = {
  hidden: "graph",
  inputDropout: "training",
  "encoder.kind": "graph",
  "encoder.layers": "graph",
  "encoder.heads": "graph",
  "encoder.norm": "graph",
  "encoder.pooling": "graph",
  "encoder.ignorePadding": "graph",
  "encoder.dropout": "training",
  "encoder.attentionDropout": "training",
  "encoder.embeddingDropout": "training",
  "experts.count": "graph",
  "experts.topK": "graph",
  "experts.gate": "graph",
  "experts.exploration": "training",
  "experts.sampling": "training",
  "experts.logVarMin": "graph",
  "experts.logVarMax": "graph",
  fusion: "graph",
  head: "graph",
  headNorm: "graph",
  trust: "graph",
  dropout: "training",
  taskLoss: "training",
  "awareness.statistics.hidden": "graph",
  "awareness.statistics.dropout": "training",
  "awareness.statistics.gate": "graph",
  "awareness.statistics.steady": "graph",
  "awareness.statistics.steadyRate": "training",
  "awareness.quality": "graph",
  "awareness.variance": "graph",
  "awareness.ranking": "training",
  "awareness.ordering": "training",
  "awareness.specialisation": "training",
  "awareness.distance": "training",
  "awareness.certainty": "training",
};

/**
 * Builds the graph of euar.ts at evaluation.
 * @throws ConfigError "config.conflict" for what has no graph: fusion by precision, random gates, measured
 * quality and the layer for variances
 */
export function euarGraph(config: EuarConfig): ModelGraph {
  if (isLateFusion(config.fusion))
    throw new ConfigError(
      "config.conflict",
      `a EUAR with fusion "${config.fusion}" cannot be exported to ONNX`,
      {
        hint: "Serve it with `euar serve`, or train another preset, such as paper.",
      },
    );
  if (config.experts.gate === "random")
    throw new ConfigError("config.conflict", "a model with random gates cannot be exported to ONNX", {
      hint: "Random gates are for comparisons. Export a model with a router.",
    });
  if (config.awareness.quality) throw qualityWithoutGraph("awareness.quality");
  if (config.awareness.variance)
    throw new ConfigError("config.conflict", "a model with awareness.variance cannot be exported to ONNX", {
      hint: "Serve it with `euar serve`, or train one without this layer.",
    });
  const inGraph = Object.entries(effect).flatMap(([path, where]) => {
    const value = optionAt(config, path);
    return where === "graph" && value !== undefined ? [optionsOf(path, value)] : [];
  });
  return {
    options: inGraph.reduce(layOver, {}),
    batchDependent: config.experts.gate === "batch-normalised",
    needsSteps: config.encoder.kind === "sequence",
    build: (site, ports, widths) => build(site, ports, widths, config),
  };
}

function build(
  site: Site,
  ports: readonly ModalityPort[],
  widths: readonly number[],
  config: EuarConfig,
): ReturnType<ModelGraph["build"]> {
  const { graph } = site;
  const { statistics } = config.awareness;
  const looked = statistics
    ? ports.map((port, m) => look(site, port, defined(widths[m]), statistics.gate))
    : [];
  const options = { ...config.experts, hidden: config.hidden };
  const mixtures = ports.map((port, m) => {
    const x = graph.within(`${port.id}/encoder`, () => encode(site, port, defined(widths[m]), config));
    return graph.within(`${port.id}/experts`, () => expertMixture(site, port, x, options, looked[m]?.shifts));
  });
  const blocks = mixtures.map(({ h }) => h);
  const answer = (parts: readonly Value[]): Value => head(site, join(site, parts, config), config);
  const experts = graph.within("head", () => answer(blocks));
  const shortcut = statistics?.steady
    ? graph.within("steady", () =>
        steadyPath(
          site,
          ports,
          looked.map(({ shifts }) => shifts.logVar),
          looked.map(({ mean }) => mean),
        ),
      )
    : undefined;
  const prediction = shortcut
    ? graph.within("steady", () => blended(site, shortcut, experts, shortcut.means))
    : experts;
  const shares = shortcut
    ? contributions(site, ports, joinedTo(site, shortcut, blocks), prediction, (parts) => {
        const { blocks: own, means } = taken(site, parts, config.hidden, widths);
        return blended(site, shortcut, answer(own), means);
      })
    : contributions(site, ports, blocks, prediction, answer);
  const diagnostics = mixtures.map(({ uncertainty, experts, gates, sigma2 }: MixtureValues, m) => {
    const contribution = shares[m];
    return {
      ...(contribution && { contribution }),
      uncertainty,
      experts,
      gates,
      sigma2,
      slots: Math.min(options.topK, options.count),
    };
  });
  return { prediction, diagnostics };
}

/**
 * Builds the graph of nn/modality-encoder.ts.
 * @returns [B, D] or [B, H]
 */
function encode(site: Site, port: ModalityPort, width: number, { encoder, hidden }: EuarConfig): Value {
  const name = `${port.modality}/encoder`;
  if (encoder.kind === "sequence" && port.steps)
    return sequenceEncoder(site, name, port, port.steps, width, { ...encoder, hidden });
  const mean = meanOfInput(site, port, width);
  return encoder.kind === "mlp" ? relu(site, linear(site, `${name}/linear`, mean)) : mean;
}

/**
 * Returns the mean of a modality's steps, [B, D], and the additions of its statistics to the expert layer.
 */
function look(
  site: Site,
  port: ModalityPort,
  width: number,
  isGated: boolean,
): { readonly mean: Value; readonly shifts: ShiftValues } {
  return site.graph.within(`${port.id}/signals`, () => {
    const mean = meanOfInput(site, port, width);
    return { mean, shifts: signalHead(site, `${port.modality}/signals`, mean, width, isGated) };
  });
}

/** Joins the blocks of the modalities into [B, M * H] or [B, H]. */
function join({ graph }: Site, blocks: readonly Value[], { fusion }: EuarConfig): Value {
  return fusion === "concat" ? graph.node("Concat", blocks, { axis: { int: 1 } }) : graph.node("Sum", blocks);
}

/**
 * Builds the graph of nn/prediction-head.ts.
 * @returns [B, outputs]
 */
function head(site: Site, joint: Value, config: EuarConfig): Value {
  const state = (config.head ?? []).reduce((inputs, _, i) => {
    const affine = linear(site, `head/${i}/linear`, inputs);
    return relu(site, config.headNorm ? layerNorm(site, `head/${i}/norm`, affine) : affine);
  }, joint);
  return linear(site, "head/out", state);
}
