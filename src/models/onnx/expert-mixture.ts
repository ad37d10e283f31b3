import { defined } from "../../core/defined.js";
import type { EuarConfig } from "../euar-config.js";
import type { Value } from "../../onnx/graph-builder.js";
import { parameter, reshape, type Site, sum, unsqueeze } from "../../onnx/layers.js";
import type { ModalityPort } from "../../onnx/modality-input.js";
import { elementTypes } from "../../onnx/onnx-model.js";
import type { ShiftValues } from "./signal-head.js";

/** Outputs of the experts of one modality, as in models/euar-diagnostics.ts. */
export interface MixtureValues {
  /** Mixed features, [B, H], Eq. 6; zero rows where missing. */
  readonly h: Value;
  /** Uncertainty, [B]; NaN where missing. */
  readonly uncertainty: Value;
  /** Expert indices, [B, K]; -1 where missing. */
  readonly experts: Value;
  /** Gates, [B, K]; 0 where missing. */
  readonly gates: Value;
  /** Mean variances, [B, K]; NaN where missing. */
  readonly sigma2: Value;
}

type Options = EuarConfig["experts"] & Pick<EuarConfig, "hidden">;

/**
 * Computes Eqs. 1, 2, 5 and 6 at evaluation (z = mu), as nn/expert-mixture-composed.ts does. All N experts
 * run in one product; the unselected ones are then discarded.
 * @param x [B, D]
 * @param shifts additions from the statistics of the input, if any
 */
export function expertMixture(
  site: Site,
  { modality, present, has }: ModalityPort,
  x: Value,
  options: Options,
  shifts?: ShiftValues,
): MixtureValues {
  const { graph } = site;
  const { probabilities, chosen, index } = route(site, modality, x, options, shifts?.gate);
  const own = graph.node("Mul", [chosen, present]); // [B, K]
  const gates =
    options.gate === "paper" ? own : normalisedOverBatch(site, probabilities, own, index, present);
  const { mu, variance } = gaussians(site, modality, x, options, shifts?.logVar);

  // [B, K, H]
  const expand = graph.node("Expand", [unsqueeze(site, index, 2), graph.integers([1, 1, options.hidden])]);
  const chosenMu = graph.node("GatherElements", [mu, expand], { axis: { int: 1 } }); // [B, K, H]
  const h = sum(site, graph.node("Mul", [unsqueeze(site, gates, 2), chosenMu]), 1, false); // [B, H]

  const chosenVariance = graph.node("GatherElements", [variance, index], { axis: { int: 1 } }); // [B, K]
  const weighted = sum(site, graph.node("Mul", [gates, chosenVariance]), 1, true); // [B, 1]
  const ratio = graph.node("Div", [weighted, sum(site, gates, 1, true)]);
  const orNaN = (value: Value): Value => graph.node("Where", [has, value, graph.scalar(NaN)]);
  const number = graph.node("Cast", [index], { to: { int: elementTypes.int32 } });
  const none = graph.node("Cast", [graph.scalar(-1, "int64")], { to: { int: elementTypes.int32 } });
  return {
    h,
    uncertainty: reshape(site, orNaN(ratio), [-1]),
    experts: graph.node("Where", [has, number, none]),
    gates,
    sigma2: orNaN(chosenVariance),
  };
}

interface Routing {
  /** Gate probabilities, [B, N]. */
  readonly probabilities: Value;
  /** The K largest probabilities in descending order, [B, K]. */
  readonly chosen: Value;
  /** Expert of each selected probability, [B, K]. The first expert wins ties. */
  readonly index: Value;
}

/** Computes Eq. 5 without normalising the K largest probabilities. */
function route(
  site: Site,
  modality: string,
  x: Value,
  { count, topK }: Options,
  shift: Value | undefined,
): Routing {
  const { graph } = site;
  const product = graph.node("MatMul", [x, parameter(site, `${modality}/router/weight`)]);
  const own = graph.node("Add", [product, parameter(site, `${modality}/router/bias`)]); // [B, N]
  const logits = shift ? graph.node("Add", [own, shift]) : own; // [B, N]
  const probabilities = graph.node("Softmax", [logits], { axis: { int: -1 } });
  const [chosen, index] = graph.nodeWithTwo(
    "TopK",
    [probabilities, graph.integers([Math.min(topK, count)])],
    { axis: { int: -1 } },
  );
  return { probabilities, chosen, index };
}

/**
 * Computes the published code's gate: G_j / (sum over the batch of G_j + 1e-6) * samples that have the
 * modality.
 */
function normalisedOverBatch(
  site: Site,
  probabilities: Value,
  own: Value,
  index: Value,
  present: Value,
): Value {
  const { graph } = site;
  const none = graph.node("Mul", [probabilities, graph.scalar(0)]); // [B, N]
  const top = graph.node("ScatterElements", [none, index, own], { axis: { int: 1 } }); // [B, N]
  const columns = graph.node("Add", [sum(site, top, 0, true), graph.scalar(1e-6)]); // [1, N]
  const count = sum(site, present, 0, true); // [1, 1]
  return graph.node(
    "GatherElements",
    [graph.node("Mul", [graph.node("Div", [top, columns]), count]), index],
    { axis: { int: 1 } },
  );
}

/** Computes Eqs. 1 and 2 for all experts: mu [B, N, H], and the mean over H of sigma^2, [B, N]. */
function gaussians(
  site: Site,
  modality: string,
  x: Value,
  { hidden, count, logVarMin, logVarMax }: Options,
  shift: Value | undefined,
): { readonly mu: Value; readonly variance: Value } {
  const { graph } = site;
  const columns = count * 2 * hidden;
  const inputs = defined(site.parameters.get(`${modality}/experts/weight`).shape[1]);
  /** Reorders [N, D, 2H] to [D, N * 2H], so that one product serves all experts. */
  const sideBySide = (values: ArrayLike<number>): Float32Array =>
    Float32Array.from({ length: values.length }, (_, i) => {
      const [expert, feature, column] = [
        Math.floor((i % columns) / (2 * hidden)),
        Math.floor(i / columns),
        i % (2 * hidden),
      ];
      return defined(values[(expert * inputs + feature) * 2 * hidden + column]);
    });
  const weight = parameter(site, `${modality}/experts/weight`, sideBySide, [inputs, columns]);
  const bias = parameter(site, `${modality}/experts/bias`, undefined, [columns]);
  const raw = reshape(site, graph.node("Add", [graph.node("MatMul", [x, weight]), bias]), [
    -1,
    count,
    2 * hidden,
  ]);
  const [mu, logVar] = graph.nodeWithTwo("Split", [raw, graph.integers([hidden, hidden])], {
    axis: { int: 2 },
  }); // [B, N, H] each
  const clamped = graph.node("Clip", [
    shift ? graph.node("Add", [logVar, unsqueeze(site, shift, 2)]) : logVar,
    graph.scalar(logVarMin),
    graph.scalar(logVarMax),
  ]);
  const variance = graph.node("ReduceMean", [graph.node("Exp", [clamped])], {
    axes: { ints: [2] },
    keepdims: { int: 0 },
  });
  return { mu, variance };
}
