import { describe, expect, test } from "vitest";
import { ShapeError } from "../../core/errors.js";
import { Tape } from "../../tensor/tape.js";
import { modelBackends } from "../testing/backends.js";
import { severityRankingLoss } from "./severity-ranking.js";

const u = [0.3, -0.5, 1.2, 0.1, 0.9];
const severity = [0, 0.7, 0.2, 0, 1];
const damage = [0, 1, 2, 0, 1];
const everyone = [1, 1, 1, 1, 1];

/** Formula of the docstring, pair by pair. */
function byHand(of: readonly number[], present: readonly number[] = everyone): number {
  let [sum, weights] = [0, 0];
  of.forEach((ui, i) => {
    of.forEach((uj, j) => {
      const weight = (severity[i] ?? NaN) - (severity[j] ?? NaN);
      if (weight <= 0 || (damage[j] !== 0 && damage[j] !== damage[i]) || present[i] === 0 || present[j] === 0)
        return;
      sum += weight * Math.log(1 + Math.exp(uj - ui));
      weights += weight;
    });
  });
  return sum / weights;
}

describe.each(modelBackends)("L_rank on $name", ({ name, create }) => {
  const digits = name === "wasm" ? 6 : 12;

  test("L_rank: the weighted mean over pairs of log(1 + exp(u_less - u_more))", () => {
    const tape = new Tape(create());
    expect(
      severityRankingLoss(tape, tape.variable(u, [5, 1]), { severity, damage, present: everyone }).item(),
    ).toBeCloseTo(byHand(u), digits);
    const some = [1, 0, 1, 1, 1];
    expect(
      severityRankingLoss(tape, tape.variable(u, [5, 1]), { severity, damage, present: some }).item(),
    ).toBeCloseTo(byHand(u, some), digits);
  });

  test("L_rank: its gradient agrees with finite differences, and scales with the output's gradient", () => {
    const tape = new Tape(create());
    const leaf = tape.variable(u, [5, 1]);
    tape.backward(severityRankingLoss(tape, leaf, { severity, damage, present: everyone }));
    const gradient = Array.from(leaf.gradient?.view ?? []);
    u.forEach((value, i) => {
      const numeric = (byHand(u.with(i, value + 1e-5)) - byHand(u.with(i, value - 1e-5))) / 2e-5;
      expect(gradient[i]).toBeCloseTo(numeric, 6);
    });
    // only differences count
    expect(Math.abs(gradient.reduce((sum, one) => sum + one, 0))).toBeLessThan(1e-6);
  });

  test("L_rank: a clearly right order costs nothing, a wrong one its difference, without overflow", () => {
    const tape = new Tape(create());
    const at = (values: readonly number[]): number =>
      severityRankingLoss(tape, tape.variable(values, [2, 1]), {
        severity: [0, 1],
        damage: [0, 1],
        present: [1, 1],
      }).item();
    expect(at([0, 1000])).toBe(0);
    expect(at([1000, 0])).toBe(1000);
    expect(at([3, 3])).toBeCloseTo(Math.log(2), 6);
  });

  test("L_rank: copies of different kinds are not compared; each is compared with a clean one", () => {
    const tape = new Tape(create());
    const at = (kinds: readonly number[], severities: readonly number[]): number =>
      severityRankingLoss(tape, tape.variable([5, 0], [2, 1]), {
        severity: severities,
        damage: kinds,
        present: [1, 1],
      }).item();
    expect(at([1, 2], [0.2, 0.9])).toBe(0);
    expect(at([2, 2], [0.2, 0.9])).toBeCloseTo(Math.log(1 + Math.exp(5)), 5);
    expect(at([0, 2], [0, 0.9])).toBeCloseTo(Math.log(1 + Math.exp(5)), 5);
  });

  test("L_rank: 0 and without a gradient if no two severities differ", () => {
    const tape = new Tape(create());
    const leaf = tape.variable(u, [5, 1]);
    const loss = severityRankingLoss(tape, leaf, {
      severity: new Array<number>(5).fill(0.4),
      damage: new Array<number>(5).fill(1),
      present: everyone,
    });
    expect(loss.item()).toBe(0);
    tape.backward(loss);
    expect(leaf.gradient).toBeUndefined();
    expect(() => severityRankingLoss(tape, leaf, { severity: [1], damage, present: everyone })).toThrow(
      ShapeError,
    );
  });
});
