import { describe, expect, test } from "vitest";
import { ShapeError } from "../../core/errors.js";
import { Tape } from "../../tensor/tape.js";
import { modelBackends } from "../testing/backends.js";
import { specialisationLoss } from "./specialisation.js";

const probabilities = [0.7, 0.2, 0.1, 0.1, 0.6, 0.3, 0.2, 0.2, 0.6, 0.5, 0.3, 0.2, 0.05, 0.9, 0.05]; // [5, 3]
const kind = [0, 4, 2, 0, 4];
const everyone = [1, 1, 1, 1, 1];

const entropy = (weights: readonly number[]): number => {
  const total = weights.reduce((sum, one) => sum + one, 0);
  return -weights
    .filter((one) => one > 0)
    .reduce((sum, one) => sum + (one / total) * Math.log(one / total), 0);
};

/** The mutual information in nats by entropies: H(expert) + H(kind) - H(both). */
function informationOf(values: readonly number[], present: readonly number[] = everyone): number {
  const joint = [0, 4, 2].map((wanted) =>
    [0, 1, 2].map((j) =>
      kind.reduce(
        (sum, one, b) => sum + (one === wanted && present[b] === 1 ? (values[3 * b + j] ?? NaN) : 0),
        0,
      ),
    ),
  );
  const [ofKind, ofExpert] = [
    joint.map((row) => row.reduce((sum, one) => sum + one, 0)),
    [0, 1, 2].map((j) => joint.reduce((sum, row) => sum + (row[j] ?? NaN), 0)),
  ];
  return entropy(ofKind) + entropy(ofExpert) - entropy(joint.flat());
}

describe.each(modelBackends)("L_spec on $name", ({ name, create }) => {
  const digits = name === "wasm" ? 6 : 9;

  test("L_spec: minus the mutual information of expert and kind, over samples with the modality", () => {
    const tape = new Tape(create());
    const at = (present: readonly number[]): number =>
      specialisationLoss(tape, tape.variable(probabilities, [5, 3]), kind, present).item();
    expect(at(everyone)).toBeCloseTo(-informationOf(probabilities), digits);
    expect(at([1, 1, 0, 1, 1])).toBeCloseTo(-informationOf(probabilities, [1, 1, 0, 1, 1]), digits);
    expect(at(everyone)).toBeLessThan(-0.1);
  });

  test("L_spec: its gradient agrees with finite differences along changes of a distribution", () => {
    const tape = new Tape(create());
    const leaf = tape.variable(probabilities, [5, 3]);
    tape.backward(specialisationLoss(tape, leaf, kind, everyone));
    const gradient = Array.from(leaf.gradient?.view ?? []);
    for (let b = 0; b < 5; b++) {
      const [from, to] = [3 * b, 3 * b + 2];
      const moved = (by: number): readonly number[] =>
        probabilities.with(from, (probabilities[from] ?? NaN) - by).with(to, (probabilities[to] ?? NaN) + by);
      const numeric = -(informationOf(moved(1e-5)) - informationOf(moved(-1e-5))) / 2e-5;
      expect((gradient[to] ?? NaN) - (gradient[from] ?? NaN)).toBeCloseTo(numeric, 5);
    }
  });

  test("L_spec: smallest if each kind has its own expert, 0 for equal samples or no modality", () => {
    const tape = new Tape(create());
    const own = [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0];
    expect(specialisationLoss(tape, tape.variable(own, [5, 3]), kind, everyone).item()).toBeCloseTo(
      0.4 * Math.log(0.4) * 2 + 0.2 * Math.log(0.2),
      6,
    );
    expect(
      specialisationLoss(tape, tape.variable(probabilities, [5, 3]), [7, 7, 7, 7, 7], everyone).item(),
    ).toBeCloseTo(0, 6);
    const leaf = tape.variable(probabilities, [5, 3]);
    const nobody = specialisationLoss(tape, leaf, kind, [0, 0, 0, 0, 0]);
    expect(nobody.item()).toBeCloseTo(0, 12);
    tape.backward(nobody);
    expect(Array.from(leaf.gradient?.view ?? [0]).every((value) => value === 0)).toBe(true);
    expect(() => specialisationLoss(tape, leaf, [1], everyone)).toThrow(ShapeError);
  });
});
