import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as math from "./math.js";

const table = JSON.parse(
  readFileSync(new URL("../../test/fixtures/elementary-functions.json", import.meta.url), "utf8"),
) as Record<string, [number, number][]>;

const functions: Readonly<Record<string, (x: number) => number>> = {
  exp: math.exp,
  expm1: math.expm1,
  log: math.log,
  log1p: math.log1p,
  sin: math.sin,
  cos: math.cos,
  tanh: math.tanh,
  softplus: math.softplus,
  sigmoid: math.sigmoid,
  normalCdf: math.normalCdf,
  normalPdf: math.normalPdf,
};

/** Distance between neighbouring doubles at x. */
function ulp(x: number): number {
  const exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(x))));
  return Math.max(Number.MIN_VALUE, 2 ** (exponent - 52));
}

describe("elementary functions", () => {
  it("has a table for each function", () => {
    expect(Object.keys(table).sort()).toEqual(Object.keys(functions).sort());
  });

  it.each(Object.entries(functions))("%s stays within 2 ulp (normal: 4) of the true value", (name, f) => {
    const rows = table[name] ?? [];
    expect(rows.length).toBeGreaterThan(50);
    const errors = rows.map(([x, y]) => ({ x, y, got: f(x), ulps: Math.abs(f(x) - y) / ulp(y) }));
    const worst = errors.reduce((a, b) => (b.ulps <= a.ulps ? a : b));
    expect(worst.ulps, JSON.stringify(worst)).toBeLessThanOrEqual(name.startsWith("normal") ? 4 : 2);
  });

  it("treats the ends of the range as IEEE 754 does", () => {
    expect(math.exp(-Infinity)).toBe(0);
    expect(math.exp(-745.2)).toBe(0);
    expect(math.exp(709.79)).toBe(Infinity);
    expect(math.exp(0)).toBe(1);
    expect(math.expm1(Infinity)).toBe(Infinity);
    expect(math.expm1(-Infinity)).toBe(-1);
    expect(math.log(0)).toBe(-Infinity);
    expect(math.log(1)).toBe(0);
    expect(math.log(Infinity)).toBe(Infinity);
    expect(math.log(-1)).toBeNaN();
    expect(math.log1p(-1)).toBe(-Infinity);
    expect(math.log1p(-2)).toBeNaN();
    expect(math.log1p(Infinity)).toBe(Infinity);
    expect(math.tanh(-Infinity)).toBe(-1);
    expect(math.tanh(0)).toBe(0);
    expect(math.softplus(1000)).toBe(1000);
    expect(math.softplus(-Infinity)).toBe(0);
    expect(math.sigmoid(Infinity)).toBe(1);
    expect(math.sigmoid(-Infinity)).toBe(0);
    expect(math.sin(Infinity)).toBeNaN();
    for (const f of Object.values(functions)) expect(f(NaN)).toBeNaN();
  });

  it("refuses an angle that is too large", () => {
    expect(() => math.sin(2 ** 21)).toThrow(/2\^20/);
    expect(() => math.cos(-1e300)).toThrow(/2\^20/);
  });

  it("is monotone at the border of two formulas", () => {
    for (const [f, seam] of [
      [math.tanh, 0.5],
      [math.tanh, 22],
      [math.expm1, 1],
      [math.exp, 0.34657359027997264],
    ] as const) {
      let previous = f(seam - 1e-12);
      for (let x = seam - 1e-12; x < seam + 1e-12; x += 2e-14) {
        expect(f(x)).toBeGreaterThanOrEqual(previous - 2 * ulp(previous));
        previous = f(x);
      }
    }
  });

  it("takes integer powers", () => {
    expect(math.integerPower(2, 0)).toBe(1);
    expect(math.integerPower(2, 10)).toBe(1024);
    expect(math.integerPower(-3, 5)).toBe(-243);
    expect(Math.abs(math.integerPower(0.999, 1000) / 0.36769542477096373 - 1)).toBeLessThan(1e-13);
    expect(math.integerPower(0.9, 1e6)).toBe(0);
  });
});
