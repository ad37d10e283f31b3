import { parseEncoderConfig, type EncoderShape } from "../encoders/encoder-config.js";
import type { LayerPart } from "../encoders/families.js";
import { hasLora, loraOf, type LoraOptions } from "../encoders/lora.js";
import type { EncoderRecord } from "../encoders/open-encoder.js";
import { FARTHEST, relativeBucket } from "../encoders/relative-bias.js";
import type { TextEncoderOptions } from "../encoders/text-encoder-config.js";
import type { Value } from "./graph-builder.js";
import {
  attended,
  layerNorm,
  linear,
  overKeys,
  parameter,
  relu,
  reshape,
  residual,
  type Site,
  sum,
  transpose,
  unsqueeze,
} from "./layers.js";
import { elementTypes } from "./onnx-model.js";
import { poolSteps } from "./pooling.js";

/** Score of a masked key before the softmax. */
const HOLE = -1e9;
/** Value below every state, for the maximum over a text without tokens. */
const LOWEST = -3e38;

/** Tokens of a batch of texts. */
interface Tokens {
  /** Token ids, [B, T], int64; any number where masked. */
  readonly ids: Value;
  /** Mask, [B, T]: 1 for real tokens. */
  readonly mask: Value;
  /** Positions, [B, T], int64: number of real tokens before this one. */
  readonly places: Value;
}

interface Parts {
  readonly shape: EncoderShape;
  readonly options: TextEncoderOptions;
  /** Adapters of the layer, if it has any. */
  readonly lora?: LoraOptions | undefined;
}

/**
 * Builds encoders/text-encoder.ts at evaluation, on padded texts. A token's position is its rank among the
 * real tokens, so padding may be anywhere.
 * @param ids [B, T], int64
 * @param mask [B, T], float: 1 for real tokens
 * @returns [B, H]; zeros for texts without a token
 */
export function textEncoderGraph(
  site: Site,
  { architecture, options, modality }: EncoderRecord,
  ids: Value,
  mask: Value,
): Value {
  const { graph } = site;
  const name = `${modality}/transformer`;
  const shape = parseEncoderConfig(architecture, "the run's text encoder");
  const parts = { shape, options };
  const before = graph.node("CumSum", [mask, graph.scalar(1, "int64")], { exclusive: { int: 1 } }); // [B, T]
  const places = graph.node("Cast", [before], { to: { int: elementTypes.int64 } });
  const counted = graph.node("Cast", [mask], { to: { int: elementTypes.bool } });
  const safe = graph.node("Where", [counted, ids, graph.scalar(0, "int64")]);
  const tokens = { ids: safe, mask, places };
  const embedded = (): Value => embeddings(site, `${name}/embeddings`, tokens, parts);
  let x = graph.within("embeddings", embedded); // [B, T, H]
  const bias = shape.relativeBuckets > 0 ? relativeBias(site, name, tokens, parts) : undefined;
  const { textLayers: layers = shape.layers, textTrain: trained = layers } = options;
  const scores = addedToScores(site, mask, bias);
  for (let i = 0; i < layers; i++) {
    const from = x;
    const own = layers - i <= trained ? { ...parts, lora: loraOf(options) } : parts;
    x = graph.within(`layer${i}`, () => layer(site, `${name}/layers/${i}`, from, scores, own));
  }
  if (shape.norm === "pre") x = layerNorm(site, `${name}/norm`, x, shape.epsilon);
  return graph.within("pooling", () => pool(site, x, tokens, parts));
}

/**
 * Adds up the embeddings of words, positions and the first segment.
 * @returns [B, T, H]
 */
function embeddings(site: Site, name: string, { ids, places }: Tokens, { shape }: Parts): Value {
  const { graph } = site;
  const rows = (table: string, of: Value): Value =>
    graph.node("Gather", [parameter(site, `${name}/${table}`), of], { axis: { int: 0 } });
  const shifted = graph.node("Add", [places, graph.scalar(shape.firstPosition, "int64")]);
  let total = graph.node("Add", [rows("words", ids), rows("positions", shifted)]); // [B, T, D]
  if (shape.segments > 0) total = graph.node("Add", [total, rows("segments", graph.scalar(0, "int64"))]);
  const normed = layerNorm(site, `${name}/norm`, total, shape.epsilon);
  return shape.embeddingWidth === shape.hidden ? normed : linear(site, `${name}/projection`, normed);
}

/**
 * Builds encoders/relative-bias.ts.
 * @returns [B, heads, T, T]
 */
function relativeBias(site: Site, name: string, { places }: Tokens, { shape }: Parts): Value {
  const { graph } = site;
  const distance = graph.node("Sub", [unsqueeze(site, places, 1), unsqueeze(site, places, 2)]); // [B, T, T]
  const limit = (bound: number): Value => graph.scalar(bound, "int64");
  const near = graph.node("Min", [graph.node("Max", [distance, limit(-FARTHEST)]), limit(FARTHEST)]);
  const buckets = Array.from({ length: 2 * FARTHEST + 1 }, (_, i) =>
    relativeBucket(i - FARTHEST, shape.relativeBuckets),
  );
  const row = graph.node("Add", [near, limit(FARTHEST)]);
  const bucket = graph.node("Gather", [graph.integers(buckets), row], { axis: { int: 0 } }); // [B, T, T]
  const table = parameter(site, `${name}/relative-bias`);
  return transpose(site, graph.node("Gather", [table, bucket], { axis: { int: 0 } }), [0, 3, 1, 2]);
}

/**
 * Returns the additions to the attention scores: a large negative score for masked keys, and the relative
 * bias.
 */
function addedToScores(site: Site, mask: Value, bias: Value | undefined): Value {
  const { graph } = site;
  const missing = graph.node("Sub", [graph.scalar(1), mask]);
  const hole = graph.node("Mul", [missing, graph.scalar(HOLE)]); // [B, T]
  const perKey = overKeys(site, hole);
  return bias ? graph.node("Add", [bias, perKey]) : perKey;
}

/**
 * Builds encoders/encoder-layer.ts.
 * @returns [B, T, H]
 */
function layer(site: Site, name: string, x: Value, scores: Value, parts: Parts): Value {
  const { norm, epsilon } = parts.shape;
  const normOf =
    (part: string) =>
    (inputs: Value): Value =>
      layerNorm(site, `${name}/${part}/norm`, inputs, epsilon);
  const middle = residual(site, x, norm, normOf("attention"), (inputs) =>
    attention(site, name, inputs, scores, parts),
  );
  return residual(site, middle, norm, normOf("feed-forward"), (inputs) => {
    const wide = activated(site, product(site, name, "feed-forward/inner", inputs, parts), parts);
    return product(site, name, "feed-forward/outer", wide, parts);
  });
}

/**
 * Builds tensor/ops/packed-attention.ts with its four products.
 * @returns [B, T, H]
 */
function attention(site: Site, name: string, x: Value, scores: Value, parts: Parts): Value {
  const { hidden, heads } = parts.shape;
  const part = (what: LayerPart, order: readonly number[]): Value =>
    transpose(site, reshape(site, product(site, name, what, x, parts), [0, 0, heads, hidden / heads]), order);
  const query = part("attention/query", [0, 2, 1, 3]);
  const key = part("attention/key", [0, 2, 3, 1]);
  const value = part("attention/value", [0, 2, 1, 3]);
  return product(
    site,
    name,
    "attention/output",
    attended(site, { query, key, value }, parts.shape, scores),
    parts,
  );
}

/** Computes x W + b, with the low-rank adapter if the layer has one. */
function product(site: Site, layerName: string, part: LayerPart, x: Value, { lora }: Parts): Value {
  const { graph } = site;
  const name = `${layerName}/${part}`;
  const y = linear(site, name, x);
  if (!hasLora(part, lora)) return y;
  const low = graph.node("MatMul", [x, parameter(site, `${name}/lora-down`)]);
  const change = graph.node("MatMul", [low, parameter(site, `${name}/lora-up`)]);
  return graph.node("Add", [y, graph.node("Mul", [change, graph.scalar(lora.alpha / lora.rank)])]);
}

function activated(site: Site, x: Value, { shape }: Parts): Value {
  if (shape.activation === "relu") return relu(site, x);
  const { graph } = site;
  const half = graph.node("Mul", [x, graph.scalar(0.5)]);
  const inner =
    shape.activation === "gelu"
      ? graph.node("Erf", [graph.node("Mul", [x, graph.scalar(Math.SQRT1_2)])])
      : graph.node("Tanh", [tanhArgument(site, x)]);
  return graph.node("Mul", [half, graph.node("Add", [inner, graph.scalar(1)])]);
}

/** Computes sqrt(2 / pi) (x + 0.044715 x^3). */
function tanhArgument({ graph }: Site, x: Value): Value {
  const cube = graph.node("Mul", [graph.node("Mul", [x, x]), x]);
  const total = graph.node("Add", [x, graph.node("Mul", [cube, graph.scalar(0.044715)])]);
  return graph.node("Mul", [total, graph.scalar(Math.sqrt(2 / Math.PI))]);
}

/**
 * Builds encoders/pool-texts.ts.
 * @returns [B, H]
 */
function pool(site: Site, x: Value, { mask, places }: Tokens, { shape, options }: Parts): Value {
  const { graph } = site;
  const { hidden } = shape;
  if (options.textPooling === "mean") return poolSteps(site, x, mask, "mean", hidden);
  if (options.textPooling === "cls") {
    const first = graph.node("Equal", [places, graph.scalar(0, "int64")]);
    const isFirst = graph.node("Cast", [first], { to: { int: elementTypes.float } });
    const one = graph.node("Mul", [isFirst, mask]); // [B, T]
    return reshape(site, graph.node("MatMul", [unsqueeze(site, one, 1), x]), [-1, hidden]);
  }
  const counted = graph.node("Cast", [unsqueeze(site, mask, 2)], { to: { int: elementTypes.bool } });
  const kept = graph.node("Where", [counted, x, graph.scalar(LOWEST)]);
  const largest = graph.node("ReduceMax", [kept], { axes: { ints: [1] }, keepdims: { int: 0 } }); // [B, H]
  const some = graph.node("Greater", [sum(site, mask, 1, true), graph.scalar(0)]); // [B, 1]
  return graph.node("Where", [some, largest, graph.scalar(0)]);
}
