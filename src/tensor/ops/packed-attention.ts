import { defined } from "../../core/defined.js";
import { ConfigError, ShapeError } from "../../core/errors.js";
import type { FloatBuffer, IntBuffer } from "../buffers.js";
import type {
  Columns,
  Packing,
  PackedAttentionSettings,
  RelativeBias,
} from "../kernels/sequences/contract.js";
import type { Tape } from "../tape.js";
import { formatShape, type Tensor } from "../tensor.js";
import type { DropoutSource } from "./dropout.js";
import { requirePacked, sampleKeys } from "./packing.js";

/** Options of {@link packedAttention} and {@link packedSelfAttention}. */
export interface PackedAttentionOptions {
  readonly packing: Packing;
  /** Number of heads; divides the width. */
  readonly heads: number;
  /** Factor on the products of queries and keys. Default 1 / sqrt(width / heads). */
  readonly scale?: number;
  /** Relative position bias, added to the scaled products. */
  readonly bias?: {
    /** [buckets, heads] */
    readonly table: Tensor;
    /** Bucket of each distance (key - query) from -reach to reach, [2 reach + 1]. */
    readonly bucketOf: ArrayLike<number>;
  };
  /** Dropout of the weights. A sample's mask does not depend on other samples of the batch. */
  readonly dropout?: { readonly rate: number; readonly source: DropoutSource };
}

/**
 * Multi-head self-attention of packed samples (Vaswani et al. 2017): softmax(scale Q K^T + bias) V per head.
 *
 * Each row attends to the rows of its own sample. Only the scores of one block of queries exist at a time.
 * The backward pass recomputes them from each row's maximum and sum.
 * @param query [R, H]
 * @param key [R, H]
 * @param value [R, H]
 * @returns [R, H]
 * @throws ShapeError if shapes, heads or bias do not fit
 * @throws ConfigError for a dropout rate outside [0, 1)
 */
export function packedAttention(
  tape: Tape,
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: PackedAttentionOptions,
): Tensor {
  for (const operand of [query, key, value]) {
    requirePacked("packedAttention", operand, options.packing);
    if (operand.shape[1] === query.shape[1]) continue;
    throw new ShapeError(
      `packedAttention: query ${formatShape(query.shape)}, key ${formatShape(key.shape)} and value ` +
        `${formatShape(value.shape)} must have equal widths`,
    );
  }
  const width = query.extent(1);
  const whole = (buffer: FloatBuffer): Columns => ({ buffer, start: 0, stride: width });
  return attend(tape, [query, key, value], width, options, {
    views: [whole(query.buffer), whole(key.buffer), whole(value.buffer)],
    gradients: () => [
      whole(gradientSink(tape, query)),
      whole(gradientSink(tape, key)),
      whole(gradientSink(tape, value)),
    ],
  });
}

/**
 * Packed self-attention with queries, keys and values in one array, as from one linear map.
 *
 * @param projected query | key | value, [R, 3H]
 * @returns [R, H]
 */
export function packedSelfAttention(tape: Tape, projected: Tensor, options: PackedAttentionOptions): Tensor {
  requirePacked("packedSelfAttention", projected, options.packing);
  const stride = projected.extent(1);
  const width = stride / 3;
  if (!Number.isInteger(width)) {
    throw new ShapeError(
      `packedSelfAttention: got ${formatShape(projected.shape)}, expected [R, 3H]: query, key and value`,
    );
  }
  const thirds = (buffer: FloatBuffer): [Columns, Columns, Columns] => [
    { buffer, start: 0, stride },
    { buffer, start: width, stride },
    { buffer, start: 2 * width, stride },
  ];
  return attend(tape, [projected], width, options, {
    views: thirds(projected.buffer),
    gradients: () => thirds(tape.gradientOf(projected)),
  });
}

/** Buffers and offsets of queries, keys, values and their gradients. */
interface Places {
  readonly views: readonly [Columns, Columns, Columns];
  readonly gradients: () => readonly [Columns, Columns, Columns];
}

function attend(
  tape: Tape,
  inputs: readonly Tensor[],
  width: number,
  options: PackedAttentionOptions,
  places: Places,
): Tensor {
  const { backend } = tape;
  const { packing, heads, scale } = options;
  if (!Number.isInteger(heads) || heads < 1 || width % heads !== 0)
    throw new ShapeError(`packedAttention: ${heads} heads do not divide the width ${width}`);
  const table = options.bias?.table;
  const bias = biasOf(tape, options);
  const dropout = dropoutOf(tape, options);
  const settings: PackedAttentionSettings = {
    packing,
    heads,
    depth: width / heads,
    scale: scale ?? 1 / Math.sqrt(width / heads),
    ...(bias ? { bias } : {}),
    ...(dropout ? { dropout } : {}),
  };
  const [query, key, value] = places.views;
  const output = tape.output([packing.rows, width], table ? [...inputs, table] : inputs); // [R, H]
  const largest = backend.scratch(packing.rows * heads);
  const sum = backend.scratch(packing.rows * heads);
  backend.packedAttention({ ...settings, query, key, value, out: output.buffer, largest, sum });
  tape.record(output, (dout) => {
    const [dquery, dkey, dvalue] = places.gradients();
    backend.packedAttentionBackward({
      ...settings,
      ...{ query, key, value, largest, sum, dout, dquery, dkey, dvalue },
      ...(table?.requiresGradient ? { dtable: tape.gradientOf(table) } : {}),
    });
  });
  return output;
}

/** Returns the gradient buffer of `tensor`, or a temporary buffer if it needs no gradient. */
function gradientSink(tape: Tape, tensor: Tensor): FloatBuffer {
  if (tensor.requiresGradient) return tape.gradientOf(tensor);
  const buffer = tape.backend.scratch(tensor.size);
  tape.backend.fill(buffer, 0);
  return buffer;
}

function biasOf(tape: Tape, { packing, heads, bias }: PackedAttentionOptions): RelativeBias | undefined {
  if (!bias) return undefined;
  const { table, bucketOf } = bias;
  const reach = (bucketOf.length - 1) / 2;
  const buckets = defined(table.shape[0]);
  if (table.shape.length !== 2 || table.shape[1] !== heads || !Number.isInteger(reach)) {
    throw new ShapeError(
      `packedAttention: a bias table of shape ${formatShape(table.shape)} with ${bucketOf.length} distances`,
      { hint: `Give [buckets, ${heads}] and one bucket per distance from -reach to reach.` },
    );
  }
  if (reach < packing.longest - 1) {
    throw new ShapeError(
      `packedAttention: the bias covers distances up to ${reach}, a sample has ${packing.longest} rows`,
    );
  }
  const buffer: IntBuffer = tape.backend.scratchInts(bucketOf.length);
  const view = buffer.view;
  for (let i = 0; i < bucketOf.length; i++) {
    const bucket = defined(bucketOf[i]);
    if (!Number.isInteger(bucket) || bucket < 0 || bucket >= buckets)
      throw new ShapeError(`packedAttention: distance ${i - reach} has bucket ${bucket} of ${buckets}`);
    view[i] = bucket;
  }
  return { table: table.buffer, buckets, bucketOf: buffer, reach };
}

function dropoutOf(
  tape: Tape,
  { packing, dropout }: PackedAttentionOptions,
): PackedAttentionSettings["dropout"] {
  if (!dropout || dropout.rate === 0) return undefined;
  const { rate, source } = dropout;
  if (!(rate >= 0 && rate < 1))
    throw new ConfigError(
      "config.invalid",
      `packedAttention: the dropout rate must be in [0, 1), got ${rate}`,
    );
  if (source.sampleIndex.length !== packing.samples) {
    throw new ShapeError(
      `packedAttention: ${source.sampleIndex.length} sample indices for ${packing.samples} samples`,
    );
  }
  return { rate, keys: sampleKeys(tape, source) };
}
