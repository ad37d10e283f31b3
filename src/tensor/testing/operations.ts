import { z } from "zod";
import { randomKey } from "../../core/random.js";
import { attention } from "../ops/attention.js";
import { conv1d, packedConv1d } from "../ops/conv1d.js";
import { embedding } from "../ops/embedding.js";
import { add, affine, div, maximum, mul, scale, shift, sub } from "../ops/elementwise.js";
import { type DropoutSource, packedDropout } from "../ops/dropout.js";
import { addLayerNorm, layerNorm } from "../ops/layer-norm.js";
import { linear } from "../ops/linear.js";
import { linearActivation } from "../ops/linear-activation.js";
import {
  absoluteError,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  gaussianNll,
  huber,
  l1,
  mse,
  squaredError,
} from "../ops/losses.js";
import { matmul } from "../ops/matmul.js";
import {
  packedAttention,
  packedSelfAttention,
  type PackedAttentionOptions,
} from "../ops/packed-attention.js";
import { packingOf } from "../ops/packing.js";
import { meanWeights, poolRows } from "../ops/pool-rows.js";
import { max, mean, sum } from "../ops/reductions.js";
import { concat, gatherRows, permute, reshape, slice, transpose } from "../ops/shape-ops.js";
import { logSoftmax, logSumExp, softmax } from "../ops/softmax.js";
import {
  abs,
  clamp,
  exp,
  gelu,
  geluErf,
  log,
  neg,
  reciprocal,
  relu,
  sigmoid,
  softplus,
  sqrt,
  square,
  tanh,
} from "../ops/unary.js";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";

type Operation = (tape: Tape, inputs: readonly Tensor[], args: Readonly<Record<string, unknown>>) => Tensor;

const numbers = z.array(z.number());
const axisArgs = z.object({ axis: z.number().optional(), keepAxis: z.boolean().optional() });
const convArgs = z.object({ kernel: z.number(), padding: z.enum(["same", "valid"]) });
const matmulArgs = z.object({
  transposeA: z.boolean().default(false),
  transposeB: z.boolean().default(false),
});
const attentionArgs = z.object({ heads: z.number().default(1), keyMask: numbers.optional() });

const packedArgs = z.object({
  starts: numbers,
  heads: z.number().default(1),
  scale: z.number().optional(),
  bucketOf: numbers.optional(),
  /** Rate of dropout. */
  rate: z.number().default(0),
});

/** Samples are numbered from 0, and the draws use one key. */
function packedOptions(
  tape: Tape,
  args: Readonly<Record<string, unknown>>,
  table: Tensor | undefined,
): PackedAttentionOptions {
  const { starts, heads, scale, bucketOf, rate } = packedArgs.parse(args);
  const packing = packingOf(tape, starts);
  return {
    packing,
    heads,
    ...(scale === undefined ? {} : { scale }),
    ...(bucketOf && table ? { bias: { table, bucketOf } } : {}),
    dropout: { rate, source: dropoutSource(packing.samples) },
  };
}

function dropoutSource(samples: number): DropoutSource {
  return { key: randomKey(1, "operations"), step: 3, sampleIndex: [...Array(samples).keys()] };
}

function input(inputs: readonly Tensor[], i: number): Tensor {
  const tensor = inputs[i];
  if (!tensor) throw new Error(`the case has no input ${i}`);
  return tensor;
}

const unary =
  (f: (tape: Tape, a: Tensor) => Tensor): Operation =>
  (tape, inputs) =>
    f(tape, input(inputs, 0));
const binary =
  (f: (tape: Tape, a: Tensor, b: Tensor) => Tensor): Operation =>
  (tape, inputs) =>
    f(tape, input(inputs, 0), input(inputs, 1));
const reduction =
  (f: typeof sum): Operation =>
  (tape, inputs, args) => {
    const { axis, keepAxis } = axisArgs.parse(args);
    return f(tape, input(inputs, 0), axis, keepAxis);
  };

/** Every differentiable operation by name, with the arguments of a case as JSON. */
export const operations: Readonly<Record<string, Operation>> = {
  add: binary(add),
  sub: binary(sub),
  mul: binary(mul),
  div: binary(div),
  maximum: binary(maximum),
  affine: (tape, inputs, args) =>
    affine(tape, input(inputs, 0), z.number().parse(args.factor), z.number().parse(args.amount)),
  scale: (tape, inputs, args) => scale(tape, input(inputs, 0), z.number().parse(args.factor)),
  shift: (tape, inputs, args) => shift(tape, input(inputs, 0), z.number().parse(args.amount)),
  neg: unary(neg),
  exp: unary(exp),
  log: unary(log),
  sqrt: unary(sqrt),
  square: unary(square),
  abs: unary(abs),
  reciprocal: unary(reciprocal),
  relu: unary(relu),
  gelu: unary(gelu),
  geluErf: unary(geluErf),
  sigmoid: unary(sigmoid),
  tanh: unary(tanh),
  softplus: unary(softplus),
  clamp: (tape, inputs, args) =>
    clamp(tape, input(inputs, 0), z.number().parse(args.low), z.number().parse(args.high)),
  sum: reduction(sum),
  mean: reduction(mean),
  max: reduction(max),
  softmax: unary(softmax),
  logSoftmax: unary(logSoftmax),
  logSumExp: unary(logSumExp),
  layerNorm: (tape, inputs) => layerNorm(tape, input(inputs, 0), input(inputs, 1), input(inputs, 2)),
  matmul: (tape, inputs, args) => matmul(tape, input(inputs, 0), input(inputs, 1), matmulArgs.parse(args)),
  linear: (tape, inputs) => linear(tape, input(inputs, 0), input(inputs, 1), inputs[2]),
  conv1d: (tape, inputs, args) =>
    conv1d(tape, input(inputs, 0), input(inputs, 1), inputs[2], convArgs.parse(args)),
  attention: (tape, inputs, args) => {
    const { heads, keyMask } = attentionArgs.parse(args);
    return attention(
      tape,
      input(inputs, 0),
      input(inputs, 1),
      input(inputs, 2),
      keyMask ? { heads, keyMask } : { heads },
    );
  },
  packedAttention: (tape, inputs, args) =>
    packedAttention(
      tape,
      input(inputs, 0),
      input(inputs, 1),
      input(inputs, 2),
      packedOptions(tape, args, inputs[3]),
    ),
  packedSelfAttention: (tape, inputs, args) =>
    packedSelfAttention(tape, input(inputs, 0), packedOptions(tape, args, inputs[1])),
  packedDropout: (tape, inputs, args) => {
    const { packing } = packedOptions(tape, args, undefined);
    const { rate } = packedArgs.parse(args);
    return packedDropout(tape, input(inputs, 0), rate, dropoutSource(packing.samples), packing);
  },
  packedConv1d: (tape, inputs, args) => {
    const { packing } = packedOptions(tape, args, undefined);
    return packedConv1d(tape, input(inputs, 0), input(inputs, 1), z.number().parse(args.kernel), packing);
  },
  poolRows: (tape, inputs, args) => {
    const { packing } = packedOptions(tape, args, undefined);
    return poolRows(tape, input(inputs, 0), meanWeights(packing), packing);
  },
  addLayerNorm: (tape, inputs) => {
    const [a, b, gain, bias] = [input(inputs, 0), input(inputs, 1), input(inputs, 2), input(inputs, 3)];
    const { sum: residual, output } = addLayerNorm(tape, a, b, gain, bias);
    return add(tape, residual, output); // both outputs have a gradient
  },
  linearActivation: (tape, inputs, args) =>
    linearActivation(
      tape,
      input(inputs, 0),
      input(inputs, 1),
      input(inputs, 2),
      z.enum(["relu", "gelu", "geluErf"]).parse(args.op),
    ),
  embedding: (tape, inputs, args) => embedding(tape, input(inputs, 0), numbers.parse(args.indices)),
  reshape: (tape, inputs, args) => reshape(tape, input(inputs, 0), numbers.parse(args.shape)),
  concat: (tape, inputs, args) => concat(tape, inputs, z.number().parse(args.axis)),
  slice: (tape, inputs, args) =>
    slice(
      tape,
      input(inputs, 0),
      z.number().parse(args.axis),
      z.number().parse(args.start),
      z.number().parse(args.end),
    ),
  gatherRows: (tape, inputs, args) => gatherRows(tape, input(inputs, 0), numbers.parse(args.indices)),
  permute: (tape, inputs, args) => permute(tape, input(inputs, 0), numbers.parse(args.axes)),
  transpose: unary(transpose),
  squaredError: binary(squaredError),
  absoluteError: binary(absoluteError),
  huber: (tape, inputs, args) =>
    huber(tape, input(inputs, 0), input(inputs, 1), z.number().parse(args.delta)),
  crossEntropy: (tape, inputs, args) => crossEntropy(tape, input(inputs, 0), numbers.parse(args.labels)),
  binaryCrossEntropyWithLogits: binary(binaryCrossEntropyWithLogits),
  gaussianNll: (tape, inputs) => gaussianNll(tape, input(inputs, 0), input(inputs, 1), input(inputs, 2)),
  mse: binary(mse),
  l1: binary(l1),
};
