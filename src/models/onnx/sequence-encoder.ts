import { defined } from "../../core/defined.js";
import { cos, sin } from "../../core/math.js";
import type { EuarConfig } from "../euar-config.js";
import { positionRate } from "../../nn/positions.js";
import type { Value } from "../../onnx/graph-builder.js";
import {
  attended,
  extentOf,
  layerNorm,
  linear,
  overKeys,
  parameter,
  relu,
  reshape,
  residual,
  shapeOf,
  type Site,
  transpose,
  unsqueeze,
} from "../../onnx/layers.js";
import type { ModalityPort } from "../../onnx/modality-input.js";
import { elementTypes } from "../../onnx/onnx-model.js";
import { poolSteps } from "../../onnx/pooling.js";

type Options = Extract<EuarConfig["encoder"], { kind: "sequence" }> & Pick<EuarConfig, "hidden">;

interface Steps {
  /** [B, T, D or H] */
  readonly x: Value;
  /** Step mask, [B, T]: 1 for real steps, which come first. */
  readonly mask: Value;
}

/**
 * Builds the graph of nn/sequence-encoder.ts: convolution, positions, transformer, pooling.
 * @param port modality with steps
 * @returns [B, H]
 */
export function sequenceEncoder(
  site: Site,
  name: string,
  port: ModalityPort,
  mask: Value,
  width: number,
  options: Options,
): Value {
  const { graph } = site;
  const { hidden } = options;
  const given = options.ignorePadding
    ? packed(site, { x: port.features, mask })
    : asItComes(site, port, mask);
  const embedded = graph.node("Mul", [
    convolution(site, `${name}/conv`, given.x, width, hidden),
    graph.scalar(Math.fround(Math.sqrt(hidden))),
  ]);
  let x = graph.node("Add", [embedded, positions(site, mask, hidden)]); // [B, T, H]
  // 0 for real steps, else -1e30
  const hole = graph.node("Mul", [graph.node("Sub", [given.mask, graph.scalar(1)]), graph.scalar(1e30)]);
  for (let layer = 0; layer < options.layers; layer++) {
    x = graph.within(`layer${layer}`, () =>
      transformerLayer(site, `${name}/layers/${layer}`, { x, mask: given.mask }, hole, options),
    );
  }
  if (options.norm === "pre") x = layerNorm(site, `${name}/norm`, x);
  return poolSteps(site, x, given.mask, options.pooling, hidden);
}

/**
 * Moves real steps to the front in their order, as packSteps does. Sorts by (real ? T - t : 0), descending;
 * TopK keeps the order of equal values.
 */
function packed(site: Site, { x, mask }: Steps): Steps {
  const { graph } = site;
  const count = extentOf(site, mask, 1); // T
  // [T]: T, T - 1, ..., 1
  const falling = graph.node("Range", [count, graph.scalar(0, "int64"), graph.scalar(-1, "int64")]);
  // [B, T]
  const rank = graph.node("Mul", [mask, graph.node("Cast", [falling], { to: { int: elementTypes.float } })]);
  // [B, T]
  const [, order] = graph.nodeWithTwo("TopK", [rank, reshape(site, count, [1])], { axis: { int: 1 } });
  const everyFeature = graph.node("Expand", [unsqueeze(site, order, 2), shapeOf(site, x)]); // [B, T, D]
  const at = { axis: { int: 1 } };
  return {
    x: graph.node("GatherElements", [x, everyFeature], at),
    mask: graph.node("GatherElements", [mask, order], at),
  };
}

/** Uses all steps of samples that have the modality, including padding. */
function asItComes(site: Site, { features, present }: ModalityPort, mask: Value): Steps {
  return { x: features, mask: site.graph.node("Expand", [present, shapeOf(site, mask)]) };
}

/** Builds the graph of nn/conv1d.ts with 3 taps. The weight [3 * D, H] becomes [H, D, 3]. */
function convolution(site: Site, name: string, x: Value, width: number, hidden: number): Value {
  const toFilters = (values: ArrayLike<number>): Float32Array =>
    Float32Array.from({ length: values.length }, (_, i) => {
      const [tap, feature, filter] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
      return defined(values[(tap * width + feature) * hidden + filter]);
    });
  const filters = parameter(site, `${name}/weight`, toFilters, [hidden, width, 3]);
  const convolved = site.graph.node("Conv", [transpose(site, x, [0, 2, 1]), filters], {
    pads: { ints: [1, 1] },
    kernel_shape: { ints: [3] },
  });
  return transpose(site, convolved, [0, 2, 1]); // [B, T, H]
}

/** Rows of each position table. The graph accepts sequences of up to POSITION_ROWS ** 2 steps. */
const POSITION_ROWS = 128;

/**
 * Builds the graph of nn/positions.ts for any number of steps, in float32. It uses neither the angle of a
 * late step, which is too coarse in float32, nor the sine of a GPU, which is not exact. Instead step t = 128
 * h + l, and the sine and cosine of the sum come from tables for h and for l.
 * @returns [T, H]
 */
function positions(site: Site, mask: Value, hidden: number): Value {
  const { graph } = site;
  const count = reshape(site, extentOf(site, mask, 1), [1]); // T
  const full = graph.node("Add", [
    graph.node("Div", [count, graph.integers([POSITION_ROWS])]),
    graph.integers([1]),
  ]);
  const [from, axis] = [graph.integers([0]), graph.integers([0])];
  const { early, late } = positionTables(hidden);
  const products = early.map((low, part) => {
    const high = graph.floats(late[part] ?? [], [POSITION_ROWS, hidden]);
    const known = graph.node("Slice", [high, from, full, axis]); // [T / 128 + 1, H]
    return graph.node("Mul", [unsqueeze(site, known, 1), graph.floats(low, [POSITION_ROWS, hidden])]);
  });
  const all = reshape(site, graph.node("Add", products), [-1, hidden]); // [128 (T / 128 + 1), H]
  return graph.node("Slice", [all, from, count, axis]);
}

interface PositionTables {
  /** cos and sin of l * rate, [128, H] each. */
  readonly early: readonly (readonly number[])[];
  /** Factors for each of them: sin and cos of 128 h * rate; in odd columns cos and -sin. */
  readonly late: readonly (readonly number[])[];
}

function positionTables(hidden: number): PositionTables {
  const table = (step: number, value: (angle: number, column: number) => number): number[] =>
    Array.from({ length: POSITION_ROWS * hidden }, (_, i) => {
      const column = i % hidden;
      return value(Math.floor(i / hidden) * step * positionRate(column, hidden), column);
    });
  return {
    early: [table(1, cos), table(1, sin)],
    late: [
      table(POSITION_ROWS, (angle, column) => (column % 2 === 0 ? sin(angle) : cos(angle))),
      table(POSITION_ROWS, (angle, column) => (column % 2 === 0 ? cos(angle) : -sin(angle))),
    ],
  };
}

/**
 * Builds the graph of one layer of nn/transformer-encoder.ts.
 * @param hole [B, T], added to the scores of keys
 */
function transformerLayer(
  site: Site,
  name: string,
  { x, mask }: Steps,
  hole: Value,
  options: Options,
): Value {
  const normOf =
    (part: string) =>
    (inputs: Value): Value =>
      layerNorm(site, `${name}/${part}-norm`, inputs);
  const middle = residual(site, x, options.norm, normOf("attention"), (inputs) =>
    attention(site, `${name}/attention`, { x: inputs, mask }, hole, options),
  );
  return residual(site, middle, options.norm, normOf("feed-forward"), (inputs) => {
    const wide = relu(site, linear(site, `${name}/feed-forward/in`, inputs)); // [B, T, 4H]
    return linear(site, `${name}/feed-forward/out`, wide); // [B, T, H]
  });
}

/** Builds the graph of nn/attention.ts with tensor/ops/attention.ts. */
function attention(
  site: Site,
  name: string,
  { x, mask }: Steps,
  hole: Value,
  { hidden, heads }: Options,
): Value {
  const { graph } = site;
  const projected = linear(site, `${name}/in`, x); // [B, T, 3H]
  const apart = reshape(site, projected, [0, 0, 3, heads, hidden / heads]);
  const part = (i: number, order: readonly number[]): Value =>
    // from [B, T, heads, d]
    transpose(site, graph.node("Gather", [apart, graph.scalar(i, "int64")], { axis: { int: 2 } }), order);
  const parts = { query: part(0, [0, 2, 1, 3]), key: part(1, [0, 2, 3, 1]), value: part(2, [0, 2, 1, 3]) };
  const [holes, masks] = [overKeys(site, hole), overKeys(site, mask)];
  const mixed = attended(site, parts, { hidden, heads }, holes, masks); // [B, T, H]
  return linear(site, `${name}/out`, mixed);
}
