import { describe, expect, test } from "vitest";
import { ShapeError } from "../../core/errors.js";
import { Tape } from "../../tensor/tape.js";
import { modelBackends } from "../testing/backends.js";
import { certaintyLoss } from "./certainty.js";

const c = [0.2, -1, 0.7];
const errors = [0.5, 0.1, 3];

describe.each(modelBackends)("L_certainty on $name", ({ name, create }) => {
  const digits = name === "wasm" ? 5 : 10;
  const slopesAt = (values: readonly number[], made: readonly number[]): number[] => {
    const tape = new Tape(create());
    const leaf = tape.variable(values, [values.length, 1]);
    tape.backward(certaintyLoss(tape, leaf, made));
    return Array.from(leaf.gradient?.view ?? []);
  };

  test("L_certainty: the mean of b^0.5 (e / b + log b), b = exp(c)", () => {
    const tape = new Tape(create());
    const byHand =
      c.reduce(
        (sum, value, i) => sum + Math.exp(value / 2) * ((errors[i] ?? NaN) / Math.exp(value) + value),
        0,
      ) / 3;
    expect(certaintyLoss(tape, tape.variable(c, [3, 1]), errors).item()).toBeCloseTo(byHand, digits);
  });

  test("L_certainty: its gradient agrees with finite differences under fixed weights", () => {
    const held = c.map((value) => Math.exp(value / 2));
    const likelihood = (values: readonly number[]): number =>
      values.reduce(
        (sum, value, i) => sum + ((held[i] ?? NaN) * ((errors[i] ?? NaN) * Math.exp(-value) + value)) / 3,
        0,
      );
    slopesAt(c, errors).forEach((slope, i) => {
      const value = c[i] ?? NaN;
      expect(slope).toBeCloseTo(
        (likelihood(c.with(i, value + 1e-5)) - likelihood(c.with(i, value - 1e-5))) / 2e-5,
        5,
      );
    });
  });

  test("L_certainty: the gradient is 0 if the expected error equals the actual error", () => {
    expect(slopesAt([Math.log(0.5), Math.log(2)], [0.5, 2]).every((slope) => Math.abs(slope) < 1e-6)).toBe(
      true,
    );
    const [low, high] = slopesAt([0, 0], [0.5, 2]);
    expect(low).toBeGreaterThan(0);
    expect(high).toBeLessThan(0);
  });

  test("L_certainty: as many errors as samples", () => {
    const tape = new Tape(create());
    expect(() => certaintyLoss(tape, tape.variable(c, [3, 1]), [1])).toThrow(ShapeError);
  });
});
