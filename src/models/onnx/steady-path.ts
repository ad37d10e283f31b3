import { defined } from "../../core/defined.js";
import type { Value } from "../../onnx/graph-builder.js";
import { parameter, type Site } from "../../onnx/layers.js";
import type { ModalityPort } from "../../onnx/modality-input.js";

/** Values of models/steady-path.ts in the graph. */
export interface SteadyValues {
  /** Mean features, M of [B, D]. */
  readonly means: readonly Value[];
  /** Weight w of the steady path, [B, 1]. */
  readonly share: Value;
}

/**
 * Builds the graph of models/steady-path.ts.
 * @param anomaly anomaly scores of the inputs, M of [B, 1]
 * @param means M of [B, D]
 */
export function steadyPath(
  { graph }: Site,
  ports: readonly ModalityPort[],
  anomaly: readonly Value[],
  means: readonly Value[],
): SteadyValues {
  const ordinary = graph.node("Exp", [graph.node("Neg", [graph.node("Sum", anomaly)])]); // [B, 1]
  const share = ports.reduce((product, { present }) => graph.node("Mul", [product, present]), ordinary);
  return { means, share };
}

/**
 * Computes w steady + (1 - w) experts.
 * @param experts [B, outputs]
 * @returns [B, outputs]
 */
export function blended(site: Site, { share }: SteadyValues, experts: Value, means: readonly Value[]): Value {
  const { graph } = site;
  const joined = graph.node("Concat", means, { axis: { int: 1 } }); // [B, sum of D]
  const answer = graph.node("Add", [
    graph.node("MatMul", [joined, parameter(site, "steady/weight")]),
    parameter(site, "head/out/bias"),
  ]);
  return graph.node("Add", [experts, graph.node("Mul", [share, graph.node("Sub", [answer, experts])])]);
}

/**
 * Concatenates everything that a prediction uses, by modality.
 * @param blocks M of [B, H]
 * @returns M of [B, H + D]
 */
export function joinedTo({ graph }: Site, { means }: SteadyValues, blocks: readonly Value[]): Value[] {
  return blocks.map((block, m) => graph.node("Concat", [block, means[m] ?? block], { axis: { int: 1 } }));
}

/** Splits the result of {@link joinedTo} into M of [B, H] and M of [B, D]. */
export function taken(
  { graph }: Site,
  parts: readonly Value[],
  hidden: number,
  widths: readonly number[],
): { readonly blocks: Value[]; readonly means: Value[] } {
  const split = parts.map((part, m) =>
    graph.nodeWithTwo("Split", [part, graph.integers([hidden, defined(widths[m])])], { axis: { int: 1 } }),
  );
  return { blocks: split.map(([block]) => block), means: split.map(([, mean]) => mean) };
}
