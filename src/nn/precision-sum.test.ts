import { describe, expect, test } from "vitest";
import { Tape } from "../tensor/tape.js";
import { sum } from "../tensor/ops/reductions.js";
import { square } from "../tensor/ops/unary.js";
import { distanceLoss, LEAST_VARIANCE } from "./losses/distance.js";
import { evidenceSum, precisionSum, shrunkSum } from "./precision-sum.js";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { modelBackends } from "./testing/backends.js";
import { readFixture } from "./testing/precision-fixture.js";

const [one, other] = [
  [1, 2, 3, 4, 5, 6],
  [-1, 0, 2, 2, 9, 9],
];
const [small, large] = [
  [0.5, -1, 2],
  [0, 1.5, -0.5],
];

describe.each(modelBackends)("precisionSum on $name", ({ name, create }) => {
  const digits = name === "wasm" ? 5 : 12;

  test("product of Gaussians: sum_m p_m f_m / sum_m p_m with p = exp(l)", () => {
    const tape = new Tape(create());
    const values = [tape.variable(one, [3, 2]), tape.variable(other, [3, 2])];
    const logs = [tape.variable(small, [3, 1]), tape.variable(large, [3, 1])];
    const present = [
      [1, 1, 0],
      [1, 0, 0],
    ];
    const result = precisionSum(tape, values, { logs, present }).toArray();
    const [p, q] = [Math.exp(0.5), Math.exp(0)];
    expect(result[0]).toBeCloseTo((p * 1 + q * -1) / (p + q), digits);
    expect(result[1]).toBeCloseTo((p * 2 + q * 0) / (p + q), digits);
    expect(Array.from(result.slice(2, 4))).toEqual([3, 4]); // the other modality is missing
    expect(Array.from(result.slice(4))).toEqual([0, 0]);
  });

  test("a modality fades as its variance grows", () => {
    const tape = new Tape(create());
    const weight = (log: number): number => {
      const values = [tape.constant([1], [1, 1]), tape.constant([0], [1, 1])];
      const logs = [tape.constant([log], [1, 1]), tape.constant([0], [1, 1])];
      return precisionSum(tape, values, { logs, present: [[1], [1]] }).item();
    };
    expect(weight(0)).toBeCloseTo(0.5, digits);
    expect(weight(-2)).toBeLessThan(weight(-1));
    expect(weight(-30)).toBeLessThan(1e-9);
  });

  test("Wiener filter: sum_m f_m p_m / (1 + p_m); evidence adds up, and a doubted modality fades", () => {
    const tape = new Tape(create());
    const of = (one: number, other: number, present = [[1], [1]]): number =>
      shrunkSum(tape, [tape.constant([2], [1, 1]), tape.constant([3], [1, 1])], {
        logs: [tape.constant([one], [1, 1]), tape.constant([other], [1, 1])],
        present,
      }).item();
    expect(of(0, Math.log(3))).toBeCloseTo(2 / 2 + (3 * 3) / 4, digits);
    expect(of(60, 60)).toBeCloseTo(5, digits);
    expect(of(60, -60)).toBeCloseTo(2, digits);
    expect(of(0, 0, [[0], [1]])).toBeCloseTo(1.5, digits);
  });

  test("evidence adds up over the modalities that a sample has", () => {
    const tape = new Tape(create());
    const values = [tape.variable(one, [3, 2]), tape.variable(other, [3, 2])];
    const result = evidenceSum(tape, values, [
      [1, 1, 0],
      [1, 0, 0],
    ]);
    expect(Array.from(result.toArray())).toEqual([0, 2, 3, 4, 0, 0]);
    tape.backward(sum(tape, square(tape, result)));
    expect(Array.from(values[1]?.gradient?.view.subarray(0, 6) ?? [])).toEqual([0, 4, 0, 0, 0, 0]);
  });

  test("values and gradients of the sums and of the distance loss agree with PyTorch", () => {
    const fixture = readFixture();
    const { present } = fixture;
    const expected = [
      [precisionSum, fixture.loss, fixture.logGradients],
      [shrunkSum, fixture.shrunkLoss, fixture.shrunkGradients],
    ] as const;
    for (const [combine, value, gradients] of expected) {
      const tape = new Tape(create());
      const values = fixture.values.map((rows) =>
        tape.variable(rows.flat(), [rows.length, rows[0]?.length ?? 0]),
      );
      const logs = fixture.logs.map((rows) => tape.variable(rows, [rows.length, 1]));
      const loss = sum(tape, square(tape, combine(tape, values, { logs, present })));
      expect(loss.item()).toBeCloseTo(value, digits - 1);
      tape.backward(loss);
      logs.forEach((log, m) => {
        Array.from(log.gradient?.view.subarray(0, log.size) ?? []).forEach((slope, b) => {
          expect(slope).toBeCloseTo(gradients[m]?.[b] ?? NaN, digits - 1);
        });
      });
    }
    const second = new Tape(create());
    const u = second.variable(fixture.logs[0] ?? [], [4, 1]);
    const taught = distanceLoss(second, u, fixture.distance, fixture.present[0] ?? []);
    expect(taught.item()).toBeCloseTo(fixture.distanceLoss, digits);
    second.backward(taught);
    Array.from(u.gradient?.view.subarray(0, 4) ?? []).forEach((value, b) => {
      expect(value).toBeCloseTo(fixture.distanceGradient[b] ?? NaN, digits);
    });
  });
});

test("L_dist is smallest if the variance is the squared distance", () => {
  const tape = new Tape(createReferenceBackend());
  const best = tape.constant([Math.log(LEAST_VARIANCE), Math.log(LEAST_VARIANCE + 4), 77], [3, 1]);
  expect(distanceLoss(tape, best, [0, 2, 1], [1, 1, 0]).item()).toBeCloseTo(0, 10);
  expect(distanceLoss(tape, best, [0, 1, 1], [1, 1, 0]).item()).toBeGreaterThan(0.5);
});
