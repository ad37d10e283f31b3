import type { Parameter } from "../../tensor/tensor.js";
import type { GraphBuilder, Value } from "./graph-builder.js";

/** State of graph construction: the builder, and the model's arrays by name. */
export interface Site {
  readonly graph: GraphBuilder;
  readonly parameters: { readonly get: (name: string) => Parameter };
}

/** Adds a trained parameter, optionally in another order and shape. */
export function parameter(
  { graph, parameters }: Site,
  name: string,
  reorder?: (values: ArrayLike<number>) => Float32Array,
  dims?: readonly number[],
): Value {
  const { shape, buffer } = parameters.get(name);
  return graph.weight(name, dims ?? shape, () => (reorder ? reorder(buffer.view) : buffer.view));
}

/**
 * Adds y = x W + b, as nn/linear.ts.
 * @param x [..., D]
 * @returns [..., F]
 */
export function linear(site: Site, name: string, x: Value): Value {
  const product = site.graph.node("MatMul", [x, parameter(site, `${name}/weight`)]);
  return site.graph.node("Add", [product, parameter(site, `${name}/bias`)]);
}

/** Adds a layer norm over the last axis, as nn/layer-norm.ts. */
export function layerNorm(site: Site, name: string, x: Value, epsilon = 1e-5): Value {
  const inputs = [x, parameter(site, `${name}/gain`), parameter(site, `${name}/bias`)];
  return site.graph.node("LayerNormalization", inputs, { axis: { int: -1 }, epsilon: { float: epsilon } });
}

export function relu({ graph }: Site, x: Value): Value {
  return graph.node("Relu", [x]);
}

/** Adds a sum over one axis, which is kept with extent 1 or dropped. */
export function sum({ graph }: Site, x: Value, axis: number, keep: boolean): Value {
  return graph.node("ReduceSum", [x, graph.integers([axis])], { keepdims: { int: keep ? 1 : 0 } });
}

/** Adds an axis of extent 1. */
export function unsqueeze({ graph }: Site, x: Value, axis: number): Value {
  return graph.node("Unsqueeze", [x, graph.integers([axis])]);
}

/** Adds a reshape. 0 keeps an extent, -1 is inferred. */
export function reshape({ graph }: Site, x: Value, shape: readonly number[]): Value {
  return graph.node("Reshape", [x, graph.integers(shape)]);
}

export function transpose({ graph }: Site, x: Value, order: readonly number[]): Value {
  return graph.node("Transpose", [x], { perm: { ints: order } });
}

/** Adds the extents of a tensor, as int64. */
export function shapeOf({ graph }: Site, x: Value): Value {
  return graph.node("Shape", [x]);
}

/** Adds one extent of a tensor, as an int64 scalar. */
export function extentOf(site: Site, x: Value, axis: number): Value {
  return site.graph.node("Gather", [shapeOf(site, x), site.graph.scalar(axis, "int64")], {
    axis: { int: 0 },
  });
}
