import { type EuarConfig, euarConfigSchema } from "../../models/euar-config.js";
import { resolveModelConfig } from "../../models/registry.js";
import { contributions } from "./contribution.js";
import { expertMixture, type MixtureValues } from "./expert-mixture.js";
import type { Value } from "./graph-builder.js";
import { layerNorm, linear, relu, type Site } from "./layers.js";
import type { ModalityPort } from "./modality-input.js";
import type { ModelGraph } from "./model-graph.js";
import { meanOfInput } from "./pooling.js";
import { sequenceEncoder } from "./sequence-encoder.js";
import { type ShiftValues, signalHead } from "./signal-head.js";
import { blended, joinedTo, steadyPath, taken } from "./steady-path.js";

/**
 * Whether an option changes what a trained model computes. Options of training have left their mark in the
 * weights. An option that is not here does not compile: whoever adds one says whether the graph below has it.
 */
const effect: Readonly<Record<keyof EuarConfig, "graph" | "training">> = {
  hidden: "graph",
  experts: "graph",
  topK: "graph",
  logVarMin: "graph",
  logVarMax: "graph",
  gate: "graph",
  encoder: "graph",
  encoderLayers: "graph",
  encoderHeads: "graph",
  encoderNorm: "graph",
  encoderPooling: "graph",
  encoderMask: "graph",
  fusion: "graph",
  head: "graph",
  headNorm: "graph",
  alpha: "training",
  beta: "training",
  lambda: "training",
  klReduction: "training",
  klOver: "training",
  balance: "training",
  uncertaintyReduction: "training",
  stopSigmaGradient: "training",
  sampling: "training",
  encoderDropout: "training",
  attentionDropout: "training",
  embeddingDropout: "training",
  taskLoss: "training",
  taskWeight: "training",
  inputDropout: "training",
  dropout: "training",
  statistics: "graph",
  statisticsDropout: "training",
  steady: "graph",
  statisticsGate: "graph",
  ranking: "training",
  specialisation: "training",
  certainty: "training",
};

/** models/euar.ts at evaluation. @throws ConfigError for an option that this version does not know */
export function euarGraph(options: Readonly<Record<string, unknown>>): ModelGraph {
  const config = euarConfigSchema.parse(resolveModelConfig("euar", options));
  return {
    options: Object.fromEntries(
      Object.entries(config).filter(([key]) =>
        Object.entries(effect).some(([name, where]) => name === key && where === "graph"),
      ),
    ),
    batchDependent: config.gate === "batch-normalised",
    needsSteps: config.encoder === "sequence",
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
  const looked =
    config.statistics > 0 ? ports.map((port, m) => look(site, port, widths[m] ?? 0, config)) : [];
  const mixtures = ports.map((port, m) => {
    const x = graph.within(`${port.id}/encoder`, () => encode(site, port, widths[m] ?? 0, config));
    return graph.within(`${port.id}/experts`, () => expertMixture(site, port, x, config, looked[m]?.shifts));
  });
  const blocks = mixtures.map(({ h }) => h);
  const answer = (parts: readonly Value[]): Value => head(site, join(site, parts, config), config);
  const experts = graph.within("head", () => answer(blocks));
  const beside =
    config.steady > 0
      ? graph.within("steady", () =>
          steadyPath(
            site,
            ports,
            looked.map(({ shifts }) => shifts.logVar),
            looked.map(({ mean }) => mean),
          ),
        )
      : undefined;
  const prediction = beside
    ? graph.within("steady", () => blended(site, beside, experts, beside.means))
    : experts;
  const shares = beside
    ? contributions(site, ports, joinedTo(site, beside, blocks), prediction, (parts) => {
        const { blocks: own, means } = taken(site, parts, config.hidden, widths);
        return blended(site, beside, answer(own), means);
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
      slots: Math.min(config.topK, config.experts),
    };
  });
  return { prediction, diagnostics };
}

/** nn/modality-encoder.ts. @returns [B, D] or [B, H] */
function encode(site: Site, port: ModalityPort, width: number, config: EuarConfig): Value {
  const name = `${port.modality}/encoder`;
  if (config.encoder === "sequence" && port.steps)
    return sequenceEncoder(site, name, port, port.steps, width, config);
  const mean = meanOfInput(site, port, width);
  return config.encoder === "mlp" ? relu(site, linear(site, `${name}/linear`, mean)) : mean;
}

/** The mean of a modality's steps, [B, D], and what its statistics add to the expert layer. */
function look(
  site: Site,
  port: ModalityPort,
  width: number,
  { statisticsGate }: EuarConfig,
): { readonly mean: Value; readonly shifts: ShiftValues } {
  return site.graph.within(`${port.id}/signals`, () => {
    const mean = meanOfInput(site, port, width);
    return { mean, shifts: signalHead(site, `${port.modality}/signals`, mean, width, statisticsGate) };
  });
}

/** [B, M * H] or [B, H] */
function join({ graph }: Site, blocks: readonly Value[], { fusion }: EuarConfig): Value {
  return fusion === "concat" ? graph.node("Concat", blocks, { axis: { int: 1 } }) : graph.node("Sum", blocks);
}

/** nn/prediction-head.ts. @returns [B, outputs] */
function head(site: Site, joint: Value, config: EuarConfig): Value {
  const state = config.head.reduce((inputs, _, i) => {
    const affine = linear(site, `head/${i}/linear`, inputs);
    return relu(site, config.headNorm ? layerNorm(site, `head/${i}/norm`, affine) : affine);
  }, joint);
  return linear(site, "head/out", state);
}
