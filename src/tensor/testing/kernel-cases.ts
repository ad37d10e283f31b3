import { randomKey, uniformAt } from "../../core/random.js";
import type { AdamSettings, Backend, BinaryOp, FloatBuffer, UnaryOp } from "../backend.js";
import type { Columns, Packing } from "../sequence-kernels.js";
import { dispatchOf, filled, floats, ints, keyBuffer, normals } from "./kernel-inputs.js";

/** One use of a backend's kernels. Returns their outputs. */
export interface KernelCase {
  readonly name: string;
  readonly run: (backend: Backend) => readonly (FloatBuffer | number)[];
}

const unaryOps: readonly UnaryOp[] = [
  "neg",
  "exp",
  "log",
  "sqrt",
  "square",
  "abs",
  "reciprocal",
  "relu",
  "gelu",
  "sigmoid",
  "tanh",
  "softplus",
  "geluErf",
];
const binaryOps: readonly BinaryOp[] = ["add", "sub", "mul", "div", "max"];
/** Zeros of both signs, infinities, NaN, subnormal numbers and the limits of the functions' ranges. */
const special = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  -1,
  1e30,
  -1e30,
  1e-30,
  88.7,
  88.8,
  -87,
  -103.9,
  1e-40,
  -1e-40,
  0.62,
  0.63,
  9.5,
];

/** Values drawn once and used by every backend. */
const drawn = new Map<string, Float32Array>();

function input(backend: Backend, name: string, count: number): FloatBuffer {
  const key = `${name} ${count}`;
  const values = drawn.get(key) ?? Float32Array.from(normals(name, count));
  drawn.set(key, values);
  return floats(backend, values);
}

const adamSettings = (over: Partial<AdamSettings> = {}): AdamSettings => ({
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  decay: "decoupled",
  weightDecay: 0,
  gradientScale: 1,
  ...over,
});

/** S different experts for each of `rows` samples; every seventh sample is absent. */
function selection(rows: number, experts: number, slots: number): number[][] {
  const key = randomKey(5, "selection");
  return Array.from({ length: rows }, (_, r) => {
    if (r % 7 === 6) return [];
    const order = Array.from({ length: experts }, (_, e) => e).sort(
      (a, b) => uniformAt(key, r * experts + a) - uniformAt(key, r * experts + b),
    );
    return order.slice(0, slots);
  });
}

function elementwiseCases(): KernelCase[] {
  const cases: KernelCase[] = [];
  for (const size of [0, 1, 3, 4, 5, 17, 1000, 70_001]) {
    cases.push({
      name: `elementwise on ${size}`,
      run: (b) => {
        const a = input(b, "a", size);
        const out = (): FloatBuffer => filled(b, size);
        const results: FloatBuffer[] = [];
        for (const op of unaryOps) {
          const y = out();
          b.unary(op, a, y);
          const da = input(b, "da", size);
          b.unaryBackward(op, a, y, input(b, "dout", size), da);
          results.push(y, da);
        }
        for (const op of binaryOps) {
          const y = out();
          b.binary(op, a, input(b, "b", size), y);
          results.push(y);
        }
        const [affine, clamped, scaled, clampedBack] = [
          out(),
          out(),
          input(b, "s", size),
          input(b, "c", size),
        ];
        b.affine(a, 0.1, -0.7, affine);
        b.clamp(a, -0.5, 1.1, clamped);
        b.addScaled(a, 0.3, scaled);
        b.clampBackward(a, -0.5, 1.1, input(b, "dout", size), clampedBack);
        const value = out();
        b.fill(value, 0.1);
        return [...results, affine, clamped, scaled, clampedBack, value];
      },
    });
  }
  cases.push({
    name: "special values",
    run: (b) => {
      const n = special.length;
      const left = floats(
        b,
        special.flatMap((x) => special.map(() => x)),
      );
      const right = floats(
        b,
        special.flatMap(() => special),
      );
      const results: FloatBuffer[] = [];
      for (const op of binaryOps) {
        const out = filled(b, n * n);
        b.binary(op, left, right, out);
        results.push(out);
      }
      for (const op of unaryOps) {
        const out = filled(b, n * n);
        b.unary(op, left, out);
        const da = filled(b, n * n);
        b.unaryBackward(op, left, out, right, da);
        results.push(out, da);
      }
      return results;
    },
  });
  cases.push({
    name: "copies of parts",
    run: (b) =>
      [0, 1, 3, 4, 6, 9, 33].flatMap((count) =>
        [false, true].map((accumulate) => {
          const out = input(b, "out", 64);
          b.copy(input(b, "a", 64), 7, out, 3, count, accumulate);
          return out;
        }),
      ),
  });
  return cases;
}

function layoutCases(): KernelCase[] {
  return [
    {
      name: "broadcast and back",
      run: (b) =>
        [
          { from: [1, 33], to: [17, 33] },
          { from: [17, 1], to: [17, 33] },
          { from: [5, 1, 19], to: [5, 130, 19] },
          { from: [1, 1, 1], to: [3, 5, 7] },
        ].flatMap(({ from, to }) => {
          const sizeOf = (shape: readonly number[]): number => shape.reduce((x, y) => x * y, 1);
          const out = filled(b, sizeOf(to));
          b.broadcast(input(b, "a", sizeOf(from)), from, to, out);
          const da = input(b, "da", sizeOf(from));
          b.broadcastBackward(input(b, "dout", sizeOf(to)), from, to, da);
          return [out, da];
        }),
    },
    {
      name: "rows and axes moved",
      run: (b) => {
        const gathered = filled(b, 4 * 37);
        const indices = ints(b, [2, -1, 4, 2]);
        b.gatherRows(input(b, "a", 5 * 37), 37, indices, 4, gathered);
        const scattered = input(b, "s", 5 * 37);
        b.scatterAddRows(input(b, "d", 4 * 37), 37, indices, 4, scattered);
        const permuted = [
          [0, 2, 1, 3],
          [3, 1, 0, 2],
          [0, 1, 3, 2],
        ].map((axes) => {
          const out = filled(b, 3 * 5 * 7 * 66);
          b.permute(
            input(b, "p", 3 * 5 * 7 * 66),
            [3, 5, 7, 66],
            axes as [number, number, number, number],
            out,
          );
          return out;
        });
        return [gathered, scattered, ...permuted];
      },
    },
    {
      name: "random numbers",
      run: (b) =>
        [1, 7, 8, 31, 33, 100].flatMap((width) => {
          const keys = keyBuffer(b, "k", 9);
          const noise = filled(b, 9 * width);
          b.normals(keys, 9, width, noise);
          return [
            noise,
            ...[0, 0.3, 0.5, 1 - 1e-12].map((rate) => {
              const out = filled(b, 9 * width);
              b.dropout(input(b, "a", 9 * width), 9, width, keys, rate, out);
              return out;
            }),
          ];
        }),
    },
  ];
}

function rowCases(): KernelCase[] {
  return [1, 2, 5, 8, 15, 16, 17, 31, 48, 50, 130, 768].map((width) => ({
    name: `rows of ${width}`,
    run: (b) => {
      const rows = width === 768 ? 300 : 13;
      const n = rows * width;
      const a = input(b, "a", n);
      const dout = input(b, "dout", n);
      const soft = filled(b, n);
      b.softmax(a, rows, width, soft);
      const dsoft = input(b, "da", n);
      b.softmaxBackward(soft, rows, width, dout, dsoft);
      const lse = filled(b, rows);
      b.logSumExp(a, rows, width, lse);
      const [gain, bias] = [input(b, "gain", width), input(b, "bias", width)];
      const [normal, mean, inverse] = [filled(b, n), filled(b, rows), filled(b, rows)];
      b.layerNorm(a, rows, width, gain, bias, 1e-5, normal, mean, inverse);
      const [da, dgain, dbias] = [input(b, "da", n), input(b, "dg", width), input(b, "db", width)];
      b.layerNormBackward(a, rows, width, gain, mean, inverse, dout, da, dgain, dbias);
      b.layerNormBackward(a, rows, width, gain, mean, inverse, dout, undefined, dgain, dbias);
      const columns = input(b, "cs", width);
      b.columnSums(a, rows, width, columns);
      const reduced = (["sum", "mean", "max"] as const).flatMap((op) =>
        [
          { outer: rows, axis: width, inner: 1 },
          { outer: 1, axis: rows, inner: width },
        ].flatMap((view) => {
          const out = filled(b, view.outer * view.inner);
          b.reduce(op, a, view, out);
          const back = input(b, "back", n);
          b.reduceBackward(op, a, view, out, back);
          return [out, back];
        }),
      );
      return [
        soft,
        dsoft,
        lse,
        normal,
        mean,
        inverse,
        da,
        dgain,
        dbias,
        columns,
        ...reduced,
        b.squaredNorm(a, n - 1),
      ];
    },
  }));
}

function productCases(): KernelCase[] {
  const shapes = [
    [1, 1, 1],
    [1, 72, 130],
    [3, 5, 7],
    [4, 49, 64],
    [9, 33, 257],
    [16, 144, 768],
    [33, 48, 65],
    [50, 50, 24],
    [70, 100, 300],
    [130, 17, 513],
    [200, 800, 90],
    [64, 1, 50],
    [257, 63, 31],
  ] as const;
  return shapes.map(([m, n, k]) => ({
    name: `product ${m} x ${k} by ${k} x ${n}`,
    run: (b) => {
      const [a, c] = [input(b, "a", m * k), input(b, "b", k * n)];
      const results: FloatBuffer[] = [];
      for (const transposeA of [false, true])
        for (const transposeB of [false, true])
          for (const accumulate of [false, true]) {
            const out = input(b, "out", m * n);
            b.gemm(a, c, out, { m, n, k, transposeA, transposeB, accumulate });
            const several = input(b, "several", 5 * m * n);
            if (m * n * k < 100_000) {
              const [left, right] = [input(b, "left", 5 * m * k), input(b, "right", 5 * k * n)];
              b.batchedGemm(left, right, several, 5, { m, n, k, transposeA, transposeB, accumulate });
            }
            results.push(out, several);
          }
      for (const bias of [undefined, input(b, "bias", n)]) {
        const out = filled(b, m * n);
        b.linear(a, c, bias, out, m, k, n);
        results.push(out);
      }
      return results;
    },
  }));
}

function expertCases(): KernelCase[] {
  const cases = [
    { rows: 1, experts: 1, slots: 1, inputs: 1, width: 1 },
    { rows: 1, experts: 8, slots: 3, inputs: 47, width: 72 },
    { rows: 16, experts: 8, slots: 3, inputs: 74, width: 72 },
    { rows: 40, experts: 4, slots: 3, inputs: 130, width: 10 },
    { rows: 9, experts: 2, slots: 1, inputs: 70, width: 27 },
    { rows: 300, experts: 2, slots: 2, inputs: 33, width: 8 },
    { rows: 90, experts: 3, slots: 2, inputs: 210, width: 75 },
  ];
  return cases.map(({ rows, experts, slots, inputs, width }) => ({
    name: `experts B ${rows}, N ${experts}, K ${slots}, ${inputs} -> ${width}`,
    run: (b) => {
      const probabilities = filled(b, rows * experts);
      b.softmax(input(b, "p", rows * experts), rows, experts, probabilities);
      const [chosen, values] = [b.scratchInts(rows * slots), filled(b, rows * slots)];
      b.topK(probabilities, rows, experts, slots, chosen, values);
      const dispatch = dispatchOf(b, selection(rows, experts, slots), experts);
      const outputs = 2 * width;
      const { pairs } = dispatch;
      const x = input(b, "x", rows * inputs);
      const weight = input(b, "w", experts * inputs * outputs);
      const out = filled(b, pairs * outputs);
      b.groupedLinear(x, weight, input(b, "b", experts * outputs), dispatch, inputs, outputs, out);
      const dout = input(b, "dout", pairs * outputs);
      const dx = input(b, "dx", rows * inputs);
      b.groupedLinearBackwardInput(dout, weight, dispatch, inputs, outputs, rows, slots, dx);
      const dweight = input(b, "dw", experts * inputs * outputs);
      b.groupedWeightGradient(x, dout, dispatch, inputs, outputs, dweight);
      const dbias = input(b, "db", experts * outputs);
      b.groupedBiasGradient(dout, dispatch, outputs, dbias);
      const mixed = [undefined, keyBuffer(b, "noise", pairs)].flatMap((keys) => {
        const n = rows * slots;
        const [h, sigma2, kl] = [filled(b, rows * width), filled(b, n), filled(b, n)];
        const noise = filled(b, pairs * width);
        const gate = input(b, "gate", n);
        b.gaussianMixture(out, gate, dispatch, rows, slots, width, -3, 2, keys, h, sigma2, kl, noise);
        const [draw, dgate] = [filled(b, pairs * outputs), input(b, "dg", n)];
        const [dh, ds, dk] = [input(b, "dh", rows * width), input(b, "ds", n), input(b, "dk", n)];
        b.gaussianMixtureBackward(
          out,
          gate,
          dispatch,
          rows,
          slots,
          width,
          -3,
          2,
          keys,
          dh,
          ds,
          dk,
          draw,
          dgate,
        );
        return [h, sigma2, kl, noise, draw, dgate];
      });
      const stepped = [adamSettings(), adamSettings({ weightDecay: 0.1, gradientScale: 0.37 })].flatMap(
        (settings) => {
          const size = experts * inputs * outputs;
          const state = {
            weight: input(b, "w", size),
            firstMoment: filled(b, size),
            secondMoment: filled(b, size),
          };
          const steps = ints(b, new Int32Array(experts));
          for (let i = 0; i < 2; i++)
            b.adamGrouped(state, x, dout, dispatch, inputs, outputs, steps, settings);
          return [state.weight, state.firstMoment, state.secondMoment];
        },
      );
      return [
        values,
        out,
        dx,
        dweight,
        dbias,
        ...mixed,
        ...stepped,
        b.groupedSquaredNorm(x, dout, dispatch, inputs, outputs),
      ];
    },
  }));
}

/** Packing of samples with the given numbers of rows. */
function packingOf(b: Backend, lengths: readonly number[]): Packing {
  const starts = [0];
  for (const length of lengths) starts.push((starts.at(-1) ?? 0) + length);
  return {
    samples: lengths.length,
    rows: starts.at(-1) ?? 0,
    longest: Math.max(0, ...lengths),
    starts: ints(b, starts),
  };
}

function sequenceCases(): KernelCase[] {
  const cases = [
    { lengths: [1], heads: 1, depth: 1 },
    { lengths: [5, 0, 17, 3], heads: 2, depth: 7 },
    { lengths: [50, 41, 12], heads: 4, depth: 12 },
    { lengths: [130, 64, 65, 7], heads: 3, depth: 32 },
  ];
  return cases.flatMap(({ lengths, heads, depth }) =>
    [false, true].flatMap((biased) =>
      [0, 0.3].map((rate) => ({
        name: `attention over ${lengths.join(", ")} rows, ${heads} x ${depth}${biased ? ", bias" : ""}${rate > 0 ? ", dropout" : ""}`,
        run: (b: Backend) => {
          const packing = packingOf(b, lengths);
          const width = heads * depth;
          const n = packing.rows * width;
          const reach = packing.longest + 2;
          const buckets = 9;
          const parts = input(b, "qkv", 3 * n);
          const dparts = input(b, "dqkv", 3 * n);
          const column = (buffer: FloatBuffer, i: number): Columns => ({
            buffer,
            start: i * width,
            stride: 3 * width,
          });
          const call = {
            packing,
            heads,
            depth,
            scale: 1 / Math.sqrt(depth),
            ...(biased && {
              bias: {
                table: input(b, "table", buckets * heads),
                buckets,
                bucketOf: ints(
                  b,
                  Array.from({ length: 2 * reach + 1 }, (_, i) => (i * 5) % buckets),
                ),
                reach,
              },
            }),
            ...(rate > 0 && { dropout: { rate, keys: keyBuffer(b, "drop", packing.samples) } }),
            query: column(parts, 0),
            key: column(parts, 1),
            value: column(parts, 2),
            largest: filled(b, packing.rows * heads),
            sum: filled(b, packing.rows * heads),
          };
          const out = filled(b, n);
          b.packedAttention({ ...call, out });
          const dtable = input(b, "dtable", buckets * heads);
          b.packedAttentionBackward({
            ...call,
            dout: input(b, "dout", n),
            dquery: column(dparts, 0),
            dkey: column(dparts, 1),
            dvalue: column(dparts, 2),
            ...(biased && { dtable }),
          });
          return [out, call.largest, call.sum, dparts, dtable];
        },
      })),
    ),
  );
}

function transformerCases(): KernelCase[] {
  return [
    [3, 5],
    [40, 31],
    [300, 768],
  ].map(([rows = 0, width = 0]) => ({
    name: `transformer rows ${rows} x ${width}`,
    run: (b) => {
      const n = rows * width;
      const [a, c] = [input(b, "a", n), input(b, "c", n)];
      const [gain, bias] = [input(b, "gain", width), input(b, "bias", width)];
      const [sum, out, mean, inverse] = [filled(b, n), filled(b, n), filled(b, rows), filled(b, rows)];
      b.addLayerNorm(a, c, rows, width, gain, bias, 1e-5, sum, out, mean, inverse);
      const activations = (["relu", "gelu", "geluErf"] as const).flatMap((op) => {
        const [da, dbias] = [filled(b, n), input(b, "db", width)];
        b.activationBackward(op, a, rows, width, c, da, dbias);
        return [da, dbias];
      });
      const packing = packingOf(b, [1, rows - 1]);
      const pooled = filled(b, 2 * width);
      b.poolRows(a, input(b, "weights", rows), packing, width, pooled);
      const dpooled = input(b, "dpooled", n);
      b.poolRowsBackward(pooled, input(b, "weights", rows), packing, width, dpooled);
      const kept = filled(b, n);
      b.packedDropout(a, packing, width, keyBuffer(b, "keys", 2), 0.2, kept);
      const state = {
        weight: input(b, "w", 50 * width),
        firstMoment: filled(b, 50 * width),
        secondMoment: filled(b, 50 * width),
      };
      const settings = adamSettings({ weightDecay: 0.01, gradientScale: 0.3 });
      b.adamRows(state, c, ints(b, [0, 7, 49]), 3, width, ints(b, [1, 5, 2]), settings);
      return [
        sum,
        out,
        mean,
        inverse,
        ...activations,
        pooled,
        dpooled,
        kept,
        state.weight,
        state.firstMoment,
        state.secondMoment,
      ];
    },
  }));
}

function adamCases(): KernelCase[] {
  return [
    adamSettings(),
    adamSettings({ gradientScale: 0.37 }),
    adamSettings({ decay: "l2", weightDecay: 0.1 }),
    adamSettings({ decay: "decoupled", weightDecay: 0.1, gradientScale: 0.5 }),
  ].map((settings, i) => ({
    name: `adam ${i + 1}`,
    run: (b) =>
      [1, 5, 100, 40_003].flatMap((count) => {
        const state = {
          weight: input(b, "w", count + 9),
          firstMoment: filled(b, count + 9),
          secondMoment: filled(b, count + 9),
        };
        for (let step = 1; step <= 3; step++)
          b.adam(state, input(b, `g${step}`, count + 9), 4, count, step, settings);
        return [state.weight, state.firstMoment, state.secondMoment];
      }),
  }));
}

/** Uses of every kernel of a backend, at odd sizes and at sizes that several threads share. */
export const kernelCases: readonly KernelCase[] = [
  ...elementwiseCases(),
  ...layoutCases(),
  ...rowCases(),
  ...productCases(),
  ...expertCases(),
  ...adamCases(),
  ...sequenceCases(),
  ...transformerCases(),
];
