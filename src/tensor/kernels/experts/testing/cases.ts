import { randomKey, uniformAt } from "../../../../core/random.js";
import { adamSettings, input, type KernelCase } from "../../../testing/kernel-case.js";
import { dispatchOf, filled, ints, keyBuffer } from "../../../testing/kernel-inputs.js";

/** S different experts for each of `rows` samples. Unless all are present, every seventh sample is absent. */
function selection(rows: number, experts: number, slots: number, allPresent: boolean): number[][] {
  const key = randomKey(5, "selection");
  return Array.from({ length: rows }, (_, r) => {
    if (r % 7 === 6 && !allPresent) return [];
    const order = Array.from({ length: experts }, (_, e) => e).sort(
      (a, b) => uniformAt(key, r * experts + a) - uniformAt(key, r * experts + b),
    );
    return order.slice(0, slots);
  });
}

/** Uses of the kernels of experts, with their optimiser. */
export function cases(): KernelCase[] {
  const sizes = [
    { rows: 1, experts: 1, slots: 1, inputs: 1, width: 1 },
    { rows: 1, experts: 8, slots: 3, inputs: 47, width: 72 },
    { rows: 16, experts: 8, slots: 3, inputs: 74, width: 72 },
    { rows: 40, experts: 4, slots: 3, inputs: 130, width: 10 },
    { rows: 9, experts: 2, slots: 1, inputs: 70, width: 27 },
    { rows: 300, experts: 2, slots: 2, inputs: 33, width: 8 },
    { rows: 90, experts: 3, slots: 2, inputs: 210, width: 75 },
    { rows: 95, experts: 1, slots: 1, inputs: 50, width: 12, allPresent: true },
  ];
  return sizes.map(({ rows, experts, slots, inputs, width, allPresent = false }) => ({
    name: `experts B ${rows}, N ${experts}, K ${slots}, ${inputs} -> ${width}`,
    run: (b) => {
      const probabilities = filled(b, rows * experts);
      b.softmax(input(b, "p", rows * experts), rows, experts, probabilities);
      const [chosen, values] = [b.scratchInts(rows * slots), filled(b, rows * slots)];
      b.topK(probabilities, rows, experts, slots, chosen, values);
      const dispatch = dispatchOf(b, selection(rows, experts, slots, allPresent), experts);
      const outputs = 2 * width;
      const { pairs } = dispatch;
      const x = input(b, "x", rows * inputs);
      const weight = input(b, "w", experts * inputs * outputs);
      const out = filled(b, pairs * outputs);
      b.groupedLinear(x, weight, input(b, "b", experts * outputs), dispatch, inputs, outputs, out);
      const means = filled(b, pairs * outputs);
      b.groupedLinear(x, weight, input(b, "b", experts * outputs), dispatch, inputs, outputs, means, width);
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
        const gaussians = { raw: out, gate, dispatch, rows, slots, width, clampLow: -3, clampHigh: 2, keys };
        b.gaussianMixture({ ...gaussians, noise, h, sigma2, kl });
        const [draw, dgate] = [filled(b, pairs * outputs), input(b, "dg", n)];
        const [dh, ds, dk] = [input(b, "dh", rows * width), input(b, "ds", n), input(b, "dk", n)];
        b.gaussianMixtureBackward(gaussians, { dh, dsigma2: ds, dkl: dk, draw, dgate });
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
        means,
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
