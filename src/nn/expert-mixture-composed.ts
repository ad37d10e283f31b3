import { defined } from "../core/defined.js";
import type { ExpertMixture } from "../tensor/ops/expert-mixture.js";
import type { ExpertMixtureInputs } from "../tensor/ops/expert-mixture-inputs.js";
import { writeExpertNoiseKeys } from "../tensor/ops/expert-noise.js";
import { add, affine, div, mul, scale, shift, sub } from "../tensor/ops/elementwise.js";
import { linear } from "../tensor/ops/linear.js";
import { mean, sum } from "../tensor/ops/reductions.js";
import { concat, gatherRows, reshape, slice } from "../tensor/ops/shape-ops.js";
import { softmax } from "../tensor/ops/softmax.js";
import { clamp, exp, square } from "../tensor/ops/unary.js";
import type { Tape } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";

/**
 * Reference implementation of the expert mixture: Eqs. 1-6 (and the terms of Eqs. 4 and 10).
 *
 * Composed of primitive operations. Computes all N experts and masks them afterwards. Tests compare the fused
 * operation in tensor/ops/expert-mixture.ts with it. The model only uses it for the gate that the fused
 * operation lacks.
 *
 * @param gateRule `paper`: Eq. 5. `batch-normalised`: the published code, which divides G_j by its sum over
 * the batch and multiplies it by the batch size. A sample's output then depends on the other samples of the
 * batch. At batch size 1, every selected expert has gate 1.
 */
export function composedExpertMixture(
  tape: Tape,
  inputs: ExpertMixtureInputs,
  gateRule: "paper" | "batch-normalised" = "paper",
): ExpertMixture {
  const { x, weight, present } = inputs;
  const batch = x.extent(0);
  const experts = weight.extent(0);
  const selected = Math.min(inputs.topK, experts);
  const slots = inputs.run === "all" ? experts : selected;
  const presentColumn = tape.constant(
    Array.from(present, (flag) => (flag === 0 ? 0 : 1)),
    [batch, 1],
  );

  // Eq. 5: G(x) = TOP_k(softmax(Linear(x))), with all but the k largest set to zero
  const routed = linear(tape, x, inputs.routerWeight, inputs.routerBias); // [B, N]
  const logits = inputs.gateShift ? add(tape, routed, inputs.gateShift) : routed; // [B, N]
  const probabilities = mul(tape, softmax(tape, logits), presentColumn); // [B, N]
  const order = descendingOrder(probabilities, slots); // [B, S]
  const topMask = tape.constant(maskOf(order, batch, slots, selected, experts), [batch, experts]);
  const topGate = mul(tape, probabilities, topMask); // [B, N]
  // [B, N]
  const gate = gateRule === "paper" ? topGate : normaliseOverBatch(tape, topGate, countPresent(present));

  const contributions: Tensor[] = [];
  const sigma2: Tensor[] = [];
  const variances: Tensor[] = [];
  const kl: Tensor[] = [];
  for (let j = 0; j < experts; j++) {
    const { mu, logVar } = gaussian(tape, inputs, j); // Eqs. 1-2
    const variance = exp(tape, logVar); // [B, H]
    // Eq. 3: z = mu + epsilon * sigma
    const z = inputs.noise
      ? add(tape, mu, mul(tape, noiseOf(tape, inputs.noise, j, mu), exp(tape, scale(tape, logVar, 0.5))))
      : mu; // [B, H]
    // Eq. 4: -1/2 (1 + log sigma^2 - mu^2 - sigma^2)
    // [B, H]
    const divergence = affine(tape, sub(tape, sub(tape, logVar, square(tape, mu)), variance), -0.5, -0.5);
    contributions.push(mul(tape, slice(tape, gate, 1, j, j + 1), z)); // [B, H]
    variances.push(variance);
    sigma2.push(mean(tape, variance, 1, true)); // [B, 1]
    kl.push(mean(tape, divergence, 1, true)); // [B, 1]
  }
  // Eq. 6: h = sum_j G_j(x) E_j(x)
  const h = contributions.reduce((total, contribution) => add(tape, total, contribution)); // [B, H]

  const indices = tape.backend.scratchInts(batch * slots);
  indices.view.set(order);
  /** Gathers the values of the selected experts; zero for absent samples. [B, N] -> [B, S] */
  const inSlots = (dense: Tensor): Tensor => {
    const entries = order.map((j, i) =>
      present[Math.floor(i / slots)] === 0 ? -1 : Math.floor(i / slots) * experts + j,
    );
    return reshape(tape, gatherRows(tape, reshape(tape, dense, [batch * experts, 1]), entries), [
      batch,
      slots,
    ]); // [B, S]
  };
  return {
    h,
    gates: inSlots(gate),
    sigma2: inSlots(concat(tape, sigma2, 1)),
    kl: inSlots(concat(tape, kl, 1)),
    variance: () => {
      const shares = variances.map((variance, j) =>
        mul(tape, square(tape, slice(tape, gate, 1, j, j + 1)), variance),
      ); // [B, H] each
      return shares.reduce((total, share) => add(tape, total, share)).buffer;
    },
    probabilities,
    indices,
    selected,
    slots,
    experts,
  };
}

/**
 * Computes mu and log sigma^2 of expert j (Eqs. 1-2), one fully connected layer each. Shifts log sigma^2, if
 * requested, and clamps it. Both [B, H].
 */
function gaussian(
  tape: Tape,
  { x, weight, bias, logVarShift, logVarMin, logVarMax }: ExpertMixtureInputs,
  j: number,
): { mu: Tensor; logVar: Tensor } {
  const [, inputs = 0, outputs = 0] = weight.shape;
  const weightOfExpert = reshape(tape, slice(tape, weight, 0, j, j + 1), [inputs, outputs]); // [D, 2H]
  const biasOfExpert = reshape(tape, slice(tape, bias, 0, j, j + 1), [outputs]); // [2H]
  const raw = linear(tape, x, weightOfExpert, biasOfExpert); // [B, 2H]
  const logVar = slice(tape, raw, 1, outputs / 2, outputs); // [B, H]
  const shifted = logVarShift ? add(tape, logVar, slice(tape, logVarShift, 1, j, j + 1)) : logVar;
  return { mu: slice(tape, raw, 1, 0, outputs / 2), logVar: clamp(tape, shifted, logVarMin, logVarMax) };
}

/** Draws epsilon of Eq. 3 for all samples and expert j. [B, H] */
function noiseOf(
  tape: Tape,
  noise: NonNullable<ExpertMixtureInputs["noise"]>,
  j: number,
  mu: Tensor,
): Tensor {
  const [batch, width] = [mu.extent(0), mu.extent(1)];
  const keys = tape.backend.scratchInts(2 * batch);
  const rows = Array.from({ length: batch }, (_, b) => b);
  writeExpertNoiseKeys(noise, rows, new Int32Array(batch).fill(j), batch, keys.view);
  const epsilon = tape.backend.scratch(batch * width);
  tape.backend.normals(keys, batch, width, epsilon);
  return new Tensor([batch, width], epsilon, false);
}

/**
 * Computes G_j / (sum over the batch of G_j) * B. The small term keeps unselected experts at 0 / 1e-6 = 0.
 */
function normaliseOverBatch(tape: Tape, gate: Tensor, presentCount: number): Tensor {
  const columns = shift(tape, sum(tape, gate, 0, true), 1e-6); // [1, N]
  return scale(tape, div(tape, gate, columns), presentCount); // [B, N]
}

/** Sorts the experts of each sample by descending probability. Ties take the lower index. [B, S] */
function descendingOrder(probabilities: Tensor, slots: number): number[] {
  const [batch, experts] = [probabilities.extent(0), probabilities.extent(1)];
  const values = probabilities.buffer.view;
  return Array.from({ length: batch }, (_, b) => {
    const row = values.subarray(b * experts, (b + 1) * experts);
    const ranked = Array.from(row, (_, j) => j).sort((i, j) => defined(row[j]) - defined(row[i]) || i - j);
    return ranked.slice(0, slots);
  }).flat();
}

/** Marks the first K experts of each sample's order with 1. [B, N] */
function maskOf(
  order: readonly number[],
  batch: number,
  slots: number,
  selected: number,
  experts: number,
): Float64Array {
  const mask = new Float64Array(batch * experts);
  order.forEach((j, i) => {
    if (i % slots < selected) mask[Math.floor(i / slots) * experts + j] = 1;
  });
  return mask;
}

function countPresent(present: ArrayLike<number>): number {
  return Array.from(present).filter((flag) => flag !== 0).length;
}
