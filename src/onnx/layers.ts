import type { Parameter } from "../tensor/tensor.js";
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

/**
 * Adds a sublayer with its residual sum.
 * @param norm layer norm, before the sublayer (pre) or after the sum (post)
 */
export function residual(
  { graph }: Site,
  x: Value,
  order: "pre" | "post",
  norm: (inputs: Value) => Value,
  sublayer: (inputs: Value) => Value,
): Value {
  const change = sublayer(order === "pre" ? norm(x) : x);
  const total = graph.node("Add", [x, change]);
  return order === "pre" ? total : norm(total);
}

/** Adds two axes, so that a value per key applies to every head and query. [B, T] to [B, 1, 1, T] */
export function overKeys(site: Site, perKey: Value): Value {
  return unsqueeze(site, unsqueeze(site, perKey, 1), 1);
}

/** Projections of the steps for each head. */
export interface Heads {
  /** [B, heads, T, d] */
  readonly query: Value;
  /** [B, heads, d, T] */
  readonly key: Value;
  /** [B, heads, T, d] */
  readonly value: Value;
}

/**
 * Adds scaled dot-product attention.
 * @param scores addition to the scores before the softmax, broadcast to [B, heads, T, T]
 * @param factors factors of the weights after the softmax, broadcast likewise; default none
 * @returns heads side by side, [B, T, H]
 */
export function attended(
  site: Site,
  { query, key, value }: Heads,
  { hidden, heads }: { readonly hidden: number; readonly heads: number },
  scores: Value,
  factors?: Value,
): Value {
  const { graph } = site;
  const scaled = graph.node("Mul", [
    graph.node("MatMul", [query, key]),
    graph.scalar(Math.fround(1 / Math.sqrt(hidden / heads))),
  ]); // [B, heads, T, T]
  const weights = graph.node("Softmax", [graph.node("Add", [scaled, scores])], { axis: { int: -1 } });
  const mixed = graph.node("MatMul", [factors ? graph.node("Mul", [weights, factors]) : weights, value]);
  return reshape(site, transpose(site, mixed, [0, 2, 1, 3]), [0, 0, hidden]);
}
