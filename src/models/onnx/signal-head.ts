import { LARGEST_DEVIATION } from "../../nn/input-statistics.js";
import { STRANGENESS_UNIT } from "../../nn/signal-head.js";
import { quietWindow, SIGNAL_FLOOR, SIGNAL_LEVELS } from "../../nn/signal-statistics.js";
import type { Value } from "../../onnx/graph-builder.js";
import { parameter, relu, reshape, type Site, sum, transpose, unsqueeze } from "../../onnx/layers.js";
import { elementTypes } from "../../onnx/onnx-model.js";

/** Additions of the input statistics to an expert layer; see nn/expert-layer.ts. */
export interface ShiftValues {
  /** Addition to the log variance, [B, 1], the same for every expert. */
  readonly logVar: Value;
  /** Addition to the gate, [B, N]. */
  readonly gate: Value | undefined;
}

/**
 * Builds nn/input-statistics.ts.
 * @param x [B, D]
 * @returns [B, 2S + 1], for every row; missing ones must be masked
 */
export function inputStatistics(site: Site, name: string, x: Value, width: number): Value {
  const { graph } = site;
  const fitted = (part: string): Value => parameter(site, `${name}/fitted/${part}`);
  const z = graph.node("Div", [graph.node("Sub", [x, fitted("mean")]), fitted("deviation")]); // [B, D]
  const statistics = graph.node(
    "Concat",
    statisticsOf(site, z, { basis: fitted("basis"), variance: fitted("variance") }, width),
    { axis: { int: 1 } },
  ); // [B, S]
  const deviations = graph.node("Div", [graph.node("Sub", [statistics, fitted("median")]), fitted("unit")]);
  const limited = graph.node("Clip", [
    deviations,
    graph.scalar(-LARGEST_DEVIATION),
    graph.scalar(LARGEST_DEVIATION),
  ]);
  const sides = [limited, graph.node("Neg", [limited])].map((side) =>
    graph.node("Log", [graph.node("Add", [relu(site, side), graph.scalar(1)])]),
  );
  const each = graph.node("Concat", sides, { axis: { int: 1 } }); // [B, 2S]
  const strangest = graph.node("ReduceMax", [each], { axes: { ints: [1] }, keepdims: { int: 1 } }); // [B, 1]
  return graph.node("Concat", [each, strangest], { axis: { int: 1 } });
}

/**
 * Builds nn/signal-head.ts.
 * @param x [B, D]
 * @param gated true if the gate uses the statistics
 */
export function signalHead(site: Site, name: string, x: Value, width: number, gated: boolean): ShiftValues {
  const { graph } = site;
  const features = inputStatistics(site, name, x, width); // [B, 2S + 1]
  const inner = graph.node("Add", [
    graph.node("MatMul", [features, squared(site, `${name}/in/weight`)]),
    parameter(site, `${name}/in/bias`),
  ]);
  const anomaly = graph.node("MatMul", [
    relu(site, inner),
    squared(site, `${name}/out/weight`, STRANGENESS_UNIT),
  ]); // [B, 1]
  return {
    logVar: anomaly,
    gate: gated ? graph.node("MatMul", [features, parameter(site, `${name}/gate/weight`)]) : undefined,
  };
}

function squared(site: Site, name: string, unit = 1): Value {
  return parameter(site, name, (values) => Float32Array.from(values, (value) => unit * value * value));
}

/**
 * Builds nn/signal-statistics.ts, in its order.
 * @param z [B, D]
 * @returns statistics of [B, 1] each
 */
function statisticsOf(
  site: Site,
  z: Value,
  { basis, variance }: { readonly basis: Value; readonly variance: Value },
  width: number,
): Value[] {
  const { graph } = site;
  const size = graph.node("Abs", [z]);
  const squares = square(site, z);
  const power = mean(site, squares);
  const largest = graph.node("ReduceMax", [size], { axes: { ints: [1] }, keepdims: { int: 1 } });
  const along = graph.node("MatMul", [z, basis]); // [B, R]
  const residual = mean(
    site,
    square(site, graph.node("Sub", [z, graph.node("MatMul", [along, transpose(site, basis, [1, 0])])])),
  );
  const quiet = (level: number): Value => share(site, graph.node("Less", [size, graph.scalar(level)]));
  const peaked = graph.node("Div", [
    withFloor(site, mean(site, square(site, squares))),
    withFloor(site, square(site, power)),
  ]);
  return [
    mean(site, size),
    logWithFloor(site, power),
    mean(site, z),
    graph.node("Log", [peaked]),
    quiet(SIGNAL_LEVELS.nearZero),
    quiet(SIGNAL_LEVELS.quiet),
    quiet(SIGNAL_LEVELS.low),
    largest,
    share(
      site,
      graph.node("GreaterOrEqual", [size, graph.node("Mul", [largest, graph.scalar(SIGNAL_LEVELS.loud)])]),
    ),
    graph.node("Div", [neighbours(site, z, width), withFloor(site, power)]),
    leastWindow(site, size, width),
    logWithFloor(site, residual),
    graph.node("Div", [residual, withFloor(site, power)]),
    logWithFloor(site, mean(site, graph.node("Div", [square(site, along), withFloor(site, variance)]))),
  ];
}

/** Computes the mean over D of the products of neighbouring features. */
function neighbours(site: Site, z: Value, width: number): Value {
  const { graph } = site;
  const part = (from: number, to: number): Value =>
    graph.node("Slice", [z, graph.integers([from]), graph.integers([to]), graph.integers([1])]);
  const products = graph.node("Mul", [part(1, width), part(0, width - 1)]); // [B, D - 1]
  return graph.node("Div", [sum(site, products, 1, true), graph.scalar(width)]);
}

function leastWindow(site: Site, size: Value, width: number): Value {
  const { graph } = site;
  const pooled = graph.node("AveragePool", [unsqueeze(site, size, 1)], {
    kernel_shape: { ints: [quietWindow(width)] },
  }); // [B, 1, places]
  return reshape(
    site,
    graph.node("ReduceMin", [pooled], { axes: { ints: [2] }, keepdims: { int: 1 } }),
    [-1, 1],
  );
}

function square({ graph }: Site, x: Value): Value {
  return graph.node("Mul", [x, x]);
}

/** Computes the mean over the features, kept as an axis. */
function mean({ graph }: Site, x: Value): Value {
  return graph.node("ReduceMean", [x], { axes: { ints: [1] }, keepdims: { int: 1 } });
}

function share(site: Site, flags: Value): Value {
  return mean(site, site.graph.node("Cast", [flags], { to: { int: elementTypes.float } }));
}

function withFloor({ graph }: Site, x: Value): Value {
  return graph.node("Add", [x, graph.scalar(SIGNAL_FLOOR)]);
}

function logWithFloor(site: Site, x: Value): Value {
  return site.graph.node("Log", [withFloor(site, x)]);
}
