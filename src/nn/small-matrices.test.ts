import { expect, test } from "vitest";
import { EuarError } from "../core/errors.js";
import {
  at,
  choleskyFactor,
  inverseCholesky,
  type Matrix,
  matrixOf,
  product,
  singularValues,
  solveCholesky,
  transposed,
} from "./small-matrices.js";
import { fixtureValues } from "./testing/fixture-values.js";

const random = (rows: number, columns: number, name: string): Matrix => ({
  rows,
  columns,
  values: Float64Array.from(fixtureValues(name, rows * columns)),
});
const difference = (a: Matrix, b: Matrix): number =>
  a.values.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b.values[i] ?? NaN))), 0);
const identity = (n: number): Matrix => matrixOf(n, n, (row, column) => (row === column ? 1 : 0));

test("products and transposes by hand", () => {
  const a = matrixOf(2, 3, (row, column) => row * 3 + column); // 0 1 2; 3 4 5
  expect([...product(a, transposed(a)).values]).toEqual([5, 14, 14, 50]);
  expect(() => product(a, a)).toThrow(EuarError);
});

test("the inverse Cholesky factor W is lower triangular and W S W^T = I", () => {
  for (const n of [1, 2, 9]) {
    const a = random(n + 2, n, `cholesky/${n}`);
    const s = product(transposed(a), a);
    const w = inverseCholesky(s);
    expect(difference(product(product(w, s), transposed(w)), identity(n))).toBeLessThan(1e-10);
    for (let row = 0; row < n; row++)
      for (let column = row + 1; column < n; column++) expect(at(w, row, column)).toBe(0);
  }
  expect(() => inverseCholesky(matrixOf(2, 2, () => 1))).toThrow(/pivot 1/);
});

test("the Cholesky factor is lower triangular with L L^T = S, and solves S x = b", () => {
  for (const n of [1, 2, 9]) {
    const a = random(n + 2, n, `factor/${n}`);
    const s = product(transposed(a), a);
    const factor = choleskyFactor(s);
    expect(difference(product(factor, transposed(factor)), s)).toBeLessThan(1e-12);
    for (let row = 0; row < n; row++)
      for (let column = row + 1; column < n; column++) expect(at(factor, row, column)).toBe(0);
    const b = random(n, 1, `right-hand side/${n}`);
    const x = { rows: n, columns: 1, values: solveCholesky(factor, b.values) };
    expect(difference(product(s, x), b)).toBeLessThan(1e-10);
  }
});

test("u diag(s) v^T is the matrix again, with orthonormal u and v", () => {
  for (const n of [1, 2, 3, 12]) {
    const a = random(n, n, `svd/${n}`);
    const { u, values, v } = singularValues(a);
    const scaled = matrixOf(n, n, (row, column) => at(u, row, column) * (values[column] ?? NaN));
    expect(difference(product(scaled, transposed(v)), a)).toBeLessThan(1e-12);
    expect(difference(product(transposed(u), u), identity(n))).toBeLessThan(1e-12);
    expect(difference(product(transposed(v), v), identity(n))).toBeLessThan(1e-12);
  }
});

test("known singular values: (3, 0; 4, 5) has sqrt(45) and sqrt(5); rank 1 has one, rank 0 has none", () => {
  const sorted = (values: readonly number[], n: number): number[] =>
    [...singularValues(matrixOf(n, n, (row, column) => values[row * n + column] ?? NaN)).values].sort(
      (a, b) => b - a,
    );
  const [first, second] = sorted([3, 0, 4, 5], 2);
  expect(first).toBeCloseTo(Math.sqrt(45), 12);
  expect(second).toBeCloseTo(Math.sqrt(5), 12);
  expect(sorted([1, 2, 3, 2, 4, 6, -1, -2, -3], 3).slice(1)).toEqual([0, 0]);
  expect(sorted([0, 0, 0, 0], 2)).toEqual([0, 0]);
});
