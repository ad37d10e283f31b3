import { expect, test } from "vitest";
import { ShapeError } from "../../core/errors.js";
import { createReferenceBackend } from "../../tensor/backends/reference/index.js";
import { Tape } from "../../tensor/tape.js";
import { largestGradientDifference } from "../../tensor/testing/finite-difference.js";
import { fixtureValues } from "../testing/fixture-values.js";
import { correlationLoss } from "./correlation.js";

function loss(a: readonly number[], b: readonly number[], width: number, ridge = 1e-9): number {
  const tape = new Tape(createReferenceBackend(), false);
  const batch = a.length / width;
  return correlationLoss(
    tape,
    tape.constant(a, [batch, width]),
    tape.constant(b, [batch, width]),
    Array.from({ length: batch }, (_, i) => i),
    ridge,
  ).item();
}

/**
 * Two views [samples, 2] of Gaussians with canonical correlations `rho`, mixed so that no single coordinate
 * shows them.
 */
function gaussians(samples: number, rho: readonly [number, number]): { a: number[]; b: number[] } {
  const [z, w] = [fixtureValues("correlation/z", 2 * samples), fixtureValues("correlation/w", 2 * samples)];
  const a: number[] = [];
  const b: number[] = [];
  for (let i = 0; i < samples; i++) {
    const [z0, z1] = [z[2 * i] ?? NaN, z[2 * i + 1] ?? NaN];
    const [y0, y1] = [0, 1].map(
      (k) =>
        (rho[k] ?? NaN) * (z[2 * i + k] ?? NaN) + Math.sqrt(1 - (rho[k] ?? NaN) ** 2) * (w[2 * i + k] ?? NaN),
    );
    a.push(3 * z0 + z1 + 5, z0 - 2 * z1);
    b.push((y0 ?? NaN) - (y1 ?? NaN), 0.1 * (y0 ?? NaN) + 4 * (y1 ?? NaN) - 7);
  }
  return { a, b };
}

test("of Gaussians with canonical correlations 0.9 and 0.4 it is 1 - 0.65, for any mixing", () => {
  const { a, b } = gaussians(20_000, [0.9, 0.4]);
  // the standard error of a correlation of 20 000 samples is below 0.007
  expect(Math.abs(loss(a, b, 2) - 0.35)).toBeLessThan(0.01);
});

test("by hand: 1 - |Pearson's r| for single columns; 0 for identical views; 1 without correlation", () => {
  expect(loss([1, 2, 3, 4], [2, 1, 4, 3], 1)).toBeCloseTo(1 - 0.6, 8);
  expect(loss([1, 2, 3, 4], [-2, -1, -4, -3], 1)).toBeCloseTo(1 - 0.6, 8);
  expect(loss([1, 0, 0, 1, -1, 0, 0, -1, 2, 3], [5, 0, 0, 5, -5, 0, 0, -5, 10, 15], 2)).toBeCloseTo(0, 7);
  expect(loss([1, 1, -1, -1], [1, -1, 1, -1], 1)).toBe(1);
  // both variances are 5 / 3: that much ridge halves the correlation
  expect(loss([1, 2, 3, 4], [2, 1, 4, 3], 1, 5 / 3)).toBeCloseTo(1 - 0.3, 8);
});

test("fewer than two rows, and a view that does not vary, correlate with nothing", () => {
  expect(loss([1, 2], [3, 4], 2)).toBe(1);
  expect(loss([1, 1, 1], [3, 4, 5], 1)).toBe(1);
});

test("its gradient agrees with finite differences: many rows, few rows, excluded rows", () => {
  for (const { rows, batch, width } of [
    { rows: [0, 1, 2, 3, 4, 5, 6], batch: 7, width: 2 },
    { rows: [0, 2, 3], batch: 4, width: 4 },
    { rows: [1, 0, 4, 5, 3], batch: 6, width: 3 },
  ]) {
    const input = (name: string): { values: number[]; shape: number[] } => ({
      values: Array.from(fixtureValues(`correlation/${name}/${width}`, batch * width)),
      shape: [batch, width],
    });
    const { relative } = largestGradientDifference(
      (on, [a, b]) => {
        if (!a || !b) throw new Error("two inputs");
        return correlationLoss(on, a, b, rows, 0.1);
      },
      [input("a"), input("b")],
      [1],
    );
    expect(relative, `${rows.length} rows of ${width}`).toBeLessThan(1e-7);
  }
});

test("values that are not finite give NaN, and large ones of deficient rank a number", () => {
  expect(loss([1, NaN, 3], [3, 4, 5], 1)).toBeNaN();
  expect(loss([1, 2, Infinity], [3, 4, 5], 1)).toBeNaN();
  const flat = Array.from(fixtureValues("correlation/flat", 5), (value) => [
    1e12 * value,
    3e12 * value,
    -7e12 * value,
  ]).flat();
  // Rounding errors (1e-16 of the variance) divided by the fraction added to the ridge (1e-11).
  expect(Math.abs(loss(flat, flat, 3) - 2 / 3)).toBeLessThan(1e-4);
});

test("refuses views of different shapes", () => {
  const tape = new Tape(createReferenceBackend(), false);
  expect(() =>
    correlationLoss(tape, tape.constant([1, 2], [2, 1]), tape.constant([1, 2], [1, 2]), [0], 0.1),
  ).toThrow(ShapeError);
});
