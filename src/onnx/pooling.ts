import type { Value } from "./graph-builder.js";
import { reshape, type Site, sum, unsqueeze } from "./layers.js";
import type { ModalityPort } from "./modality-input.js";

/**
 * Computes the mean of a modality's real steps, as nn/masked-mean.ts.
 * @returns [B, D]; zero rows where the modality is missing
 */
export function meanOfInput(site: Site, { features, steps }: ModalityPort, width: number): Value {
  return steps ? poolSteps(site, features, steps, "mean", width) : features;
}

/**
 * Computes the mean of the steps whose mask is 1, or takes the last of them.
 * @param x [B, T, W]
 * @param mask [B, T]; ones come first (for "mean", they may be anywhere)
 * @returns [B, W]; zero rows for samples without a step
 */
export function poolSteps(site: Site, x: Value, mask: Value, pooling: "mean" | "last", width: number): Value {
  const { graph } = site;
  const count = sum(site, mask, 1, true); // [B, 1]
  const weights =
    pooling === "mean"
      ? graph.node("Div", [mask, graph.node("Max", [count, graph.scalar(1)])])
      : lastOnly(site, mask); // [B, T]
  // [B, 1, W] -> [B, W]
  return reshape(site, graph.node("MatMul", [unsqueeze(site, weights, 1), x]), [-1, width]);
}

/** Marks the last real step: the mask minus the mask one step later. [B, T] */
function lastOnly({ graph }: Site, mask: Value): Value {
  const padded = graph.node("Pad", [mask, graph.integers([0, 0, 0, 1])]); // [B, T + 1]
  const later = graph.node("Slice", [
    padded,
    graph.integers([1]),
    graph.integers([2 ** 31 - 1]),
    graph.integers([1]),
  ]); // [B, T]
  return graph.node("Sub", [mask, later]);
}
