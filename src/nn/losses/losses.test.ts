import { describe, expect, test } from "vitest";
import { expertMixture, type ExpertMixture } from "../../tensor/ops/expert-mixture.js";
import { Tape } from "../../tensor/tape.js";
import { createReferenceBackend } from "../../tensor/backends/reference/index.js";
import { mixtureInputs, type MixtureCase, ordinaryCase } from "../testing/mixture-case.js";
import { balanceLoss } from "./balance.js";
import { klLoss } from "./kl.js";
import { taskLoss } from "./task.js";
import { uncertaintyLoss } from "./uncertainty.js";
import { scaledInnerProduct, weightedSum, weightedTotal } from "./weighted-sum.js";
import { ShapeError } from "../../core/errors.js";

const present = [1, 1, 0, 1, 1, 1];
const presentCount = 5;
const withAbsent: MixtureCase = { ...ordinaryCase, present };

/** A mixture and its arrays by sample and expert: gate[b][j], probability[b][j]; only present samples. */
function mixed(spec: MixtureCase = withAbsent): {
  tape: Tape;
  mixture: ExpertMixture;
  gate: number[][];
  probability: number[][];
  chosen: number[][];
} {
  const backend = createReferenceBackend({ poison: true });
  const tape = new Tape(backend);
  const mixture = expertMixture(tape, mixtureInputs(backend, tape, spec).inputs);
  const { slots, experts } = mixture;
  const rows = Array.from({ length: spec.batch }, (_, b) => b).filter((b) => spec.present[b] !== 0);
  const indices = Array.from(mixture.indices.view);
  const gates = mixture.gates.toArray();
  const probabilities = mixture.probabilities.toArray();
  const chosen = rows.map((b) => indices.slice(b * slots, (b + 1) * slots));
  const gate = rows.map((b, i) =>
    Array.from({ length: experts }, (_, j) => {
      const slot = chosen[i]?.indexOf(j) ?? -1;
      return slot < 0 ? 0 : (gates[b * slots + slot] ?? NaN);
    }),
  );
  return {
    tape,
    mixture,
    gate,
    probability: rows.map((b) => probabilities.slice(b * experts, (b + 1) * experts)),
    chosen,
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const column = (rows: readonly number[][], j: number): number[] => rows.map((row) => row[j] ?? NaN);
const expertNumbers = [0, 1, 2, 3];

describe("Eq. 4, L_kl", () => {
  test("Eq. 4: the mean over present samples and chosen experts; a sum over H is H times the mean", () => {
    const { tape, mixture } = mixed();
    const kl = mixture.kl.toArray().filter((_, i) => present[Math.floor(i / 3)] !== 0);
    expect(kl).toHaveLength(15);
    expect(klLoss(tape, mixture, { reduction: "mean", presentCount }).item()).toBeCloseTo(mean(kl), 12);
    expect(klLoss(tape, mixture, { reduction: "sum", presentCount }).item()).toBeCloseTo(5 * mean(kl), 12);
  });

  test("Eq. 4: over all N experts when all run", () => {
    const { tape, mixture } = mixed({ ...withAbsent, run: "all" });
    const kl = mixture.kl.toArray().filter((_, i) => present[Math.floor(i / 4)] !== 0);
    expect(kl).toHaveLength(20);
    expect(klLoss(tape, mixture, { reduction: "mean", presentCount }).item()).toBeCloseTo(mean(kl), 12);
  });
});

describe("Eqs. 7-9, L_aux", () => {
  test("Eqs. 7-9, paper: 1/N sum_j R_j P_j, R_j the share whose argmax is j, P_j the mean gate", () => {
    const { tape, mixture, gate } = mixed();
    const share = expertNumbers.map(
      (j) => gate.filter((row) => row.indexOf(Math.max(...row)) === j).length / presentCount,
    ); // Eq. 8
    const weight = expertNumbers.map((j) => mean(column(gate, j))); // Eq. 9
    const expected = mean(share.map((r, j) => r * (weight[j] ?? NaN))); // Eq. 7
    expect(new Set(share).size).toBeGreaterThan(1);
    expect(balanceLoss(tape, mixture, present, "paper").item()).toBeCloseTo(expected, 12);
  });

  test("Eqs. 7-9, switch: N sum_j f_j P_j with the full softmax", () => {
    const { tape, mixture, probability } = mixed();
    const share = expertNumbers.map(
      (j) => probability.filter((row) => row.indexOf(Math.max(...row)) === j).length / presentCount,
    );
    const expected = 4 * share.reduce((sum, f, j) => sum + f * mean(column(probability, j)), 0);
    expect(balanceLoss(tape, mixture, present, "switch").item()).toBeCloseTo(expected, 12);
  });

  test("Eqs. 7-9, topk: N^2 mean_j(D_j P_j), D_j the share that has j among its top K", () => {
    const { tape, mixture, probability, chosen } = mixed();
    const share = expertNumbers.map((j) => chosen.filter((row) => row.includes(j)).length / presentCount);
    const expected = 16 * mean(share.map((d, j) => d * mean(column(probability, j))));
    expect(balanceLoss(tape, mixture, present, "topk").item()).toBeCloseTo(expected, 12);
  });

  test("Eqs. 7-9: all experts running changes none of the variants", () => {
    for (const variant of ["paper", "switch", "topk"] as const) {
      const some = mixed();
      const all = mixed({ ...withAbsent, run: "all" });
      expect(balanceLoss(all.tape, all.mixture, present, variant).item()).toBeCloseTo(
        balanceLoss(some.tape, some.mixture, present, variant).item(),
        12,
      );
    }
  });
});

describe("Eq. 10, L_u", () => {
  test("Eq. 10: 1/N sum_j sigma_j^2 G_j, mean over present samples; summed in published code", () => {
    const { tape, mixture } = mixed();
    const [gates, sigma2] = [mixture.gates.toArray(), mixture.sigma2.toArray()];
    const total = gates.reduce((sum, g, i) => sum + g * (sigma2[i] ?? NaN), 0);
    const options = { stopSigmaGradient: false, presentCount };
    expect(uncertaintyLoss(tape, mixture, { ...options, reduction: "mean" }).item()).toBeCloseTo(
      total / presentCount / 4,
      12,
    );
    expect(uncertaintyLoss(tape, mixture, { ...options, reduction: "sum" }).item()).toBeCloseTo(
      (5 * total) / presentCount,
      12,
    );
  });

  test("Eq. 10: with stopSigmaGradient the loss moves the gate and not sigma", () => {
    for (const stopSigmaGradient of [false, true]) {
      const { tape, mixture } = mixed();
      tape.backward(uncertaintyLoss(tape, mixture, { reduction: "mean", stopSigmaGradient, presentCount }));
      expect(mixture.gates.gradient).toBeDefined();
      const toSigma = Array.from(mixture.sigma2.gradient?.view ?? []);
      expect(toSigma.some((value) => value !== 0)).toBe(!stopSigmaGradient);
    }
  });
});

describe("Eq. 11, L_task", () => {
  const tapeOf = (): Tape => new Tape(createReferenceBackend());

  test("Eq. 11: the mean of (y - prediction)^2 over samples and targets", () => {
    const tape = tapeOf();
    const prediction = tape.variable([1, 2, -1, 0], [2, 2]);
    expect(taskLoss(tape, "mse", prediction, [0, 2, 1, 4]).item()).toBe((1 + 0 + 4 + 16) / 4);
    expect(taskLoss(tape, "l1", prediction, [0, 2, 1, 4]).item()).toBe((1 + 0 + 2 + 4) / 4);
    expect(taskLoss(tape, "huber", prediction, [0.5, 2, 1, 4]).item()).toBe((0.125 + 0 + 1.5 + 3.5) / 4);
  });

  test("Eq. 11 for classes: the mean cross-entropy", () => {
    const tape = tapeOf();
    const logits = tape.variable([0, 0, Math.log(3), 0], [2, 2]);
    expect(taskLoss(tape, "cross-entropy", logits, [1, 0]).item()).toBeCloseTo(
      (Math.log(2) - Math.log(0.75)) / 2,
      12,
    );
    expect(() => taskLoss(tape, "cross-entropy", logits, [1, 2])).toThrow(/label 2/);
  });

  test("Eq. 11 for several labels: mean binary cross-entropy, gradient (sigmoid(x) - y) / (B L)", () => {
    const tape = tapeOf();
    const values = [0, Math.log(3), -Math.log(3), 2];
    const logits = tape.variable(values, [2, 2]);
    const truth = [1, 1, 0, 0];
    const loss = taskLoss(tape, "binary-cross-entropy", logits, truth);
    const terms = [Math.log(2), -Math.log(0.75), -Math.log(0.75), Math.log(1 + Math.exp(2))];
    expect(loss.item()).toBeCloseTo(terms.reduce((sum, term) => sum + term, 0) / 4, 12);
    tape.backward(loss);
    const gradient = Array.from(logits.gradient?.view ?? []);
    const lossAt = (at: number, step: number): number => {
      const moved = tapeOf();
      const x = moved.variable(
        values.map((value, i) => value + (i === at ? step : 0)),
        [2, 2],
      );
      return taskLoss(moved, "binary-cross-entropy", x, truth).item();
    };
    values.forEach((value, i) => {
      expect(gradient[i]).toBeCloseTo((1 / (1 + Math.exp(-value)) - (truth[i] ?? NaN)) / 4, 12);
      expect(gradient[i]).toBeCloseTo((lossAt(i, 1e-5) - lossAt(i, -1e-5)) / 2e-5, 8);
    });
  });

  test("Eq. 11 over the first samples only, if the others must not train the prediction", () => {
    const tape = tapeOf();
    const values = tape.variable([1, 2, -1, 0], [2, 2]);
    const loss = taskLoss(tape, "mse", values, [0, 2, 1, 4], 1);
    expect(loss.item()).toBe(0.5);
    tape.backward(loss);
    expect(Array.from(values.gradient?.view ?? [])).toEqual([1, 0, 0, 0]);
    expect(
      taskLoss(tape, "cross-entropy", tape.variable([0, 0, 9, 0], [2, 2]), [1, 1], 1).item(),
    ).toBeCloseTo(Math.log(2), 12);
    expect(taskLoss(tape, "mse", values, [0, 2, 1, 4], 2).item()).toBe((1 + 0 + 4 + 16) / 4);
  });

  test("labels that do not fit the prediction are refused", () => {
    const tape = tapeOf();
    expect(() => taskLoss(tape, "mse", tape.variable([1, 2], [2, 1]), [1])).toThrow(ShapeError);
  });
});

describe("the sums in the losses", () => {
  test("Eq. 12's shape: a weighted total omits terms of weight 0, NaN or not", () => {
    const tape = new Tape(createReferenceBackend());
    const [a, b, c] = [tape.variable([2], []), tape.variable([NaN], []), tape.variable([5], [])];
    const total = weightedTotal(tape, [
      [a, 1],
      [b, 0],
      [c, 0.5],
    ]);
    expect(total.item()).toBe(4.5);
    tape.backward(total);
    expect([a, b, c].map((term) => term.gradient?.view[0])).toEqual([1, undefined, 0.5]);
  });

  test("a sum of an array with itself and with weights has the right gradient", () => {
    const tape = new Tape(createReferenceBackend());
    const a = tape.variable([1, 2, 3], [3]);
    const total = weightedTotal(tape, [
      [weightedSum(tape, a, [1, 0, 2]), 1],
      [scaledInnerProduct(tape, a, a, 0.5), 1],
    ]);
    expect(total.item()).toBe(7 + 7);
    tape.backward(total);
    expect(Array.from(a.gradient?.view ?? [])).toEqual([2, 2, 5]);
    expect(() => weightedSum(tape, a, [1])).toThrow(ShapeError);
  });
});
