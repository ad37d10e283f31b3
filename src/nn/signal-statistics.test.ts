import { describe, expect, test } from "vitest";
import { normalAt, randomKey } from "../core/random.js";
import { directionCount, principalDirections } from "./principal-directions.js";
import { quietWindow, SIGNAL_FLOOR, signalStatistics, statisticsOf } from "./signal-statistics.js";

/** The first two of four axes, with variances 4 and 1. */
const axes = { basis: [1, 0, 0, 1, 0, 0, 0, 0], variance: [4, 1] };

function named(z: readonly number[], directions = axes): Record<string, number> {
  const count = directions.variance.length;
  const along = Float64Array.from(directions.variance, (_, r) =>
    z.reduce((sum, value, d) => sum + value * (directions.basis[d * count + r] ?? NaN), 0),
  );
  const explained = Float64Array.from(z, (_, d) =>
    along.reduce((sum, part, r) => sum + part * (directions.basis[d * count + r] ?? NaN), 0),
  );
  const values = statisticsOf({ z: Float64Array.from(z), along, explained }, directions.variance);
  return Object.fromEntries(signalStatistics.map((name, s) => [name, values[s] ?? NaN]));
}

describe("signal statistics", () => {
  test("signal statistics: by hand on four features", () => {
    const found = named([2, -1, 0.05, 0.3]);
    const power = (4 + 1 + 0.0025 + 0.09) / 4;
    const expected = {
      "mean |z|": 3.35 / 4,
      "log mean z^2": Math.log(power + SIGNAL_FLOOR),
      "mean z": 1.35 / 4,
      "log kurtosis": Math.log(
        ((16 + 1 + 0.05 ** 4 + 0.3 ** 4) / 4 + SIGNAL_FLOOR) / (power ** 2 + SIGNAL_FLOOR),
      ),
      "share silent below 0.02": 0,
      "share silent below 0.1": 0.25,
      "share below 0.5": 0.5,
      "largest |z|": 2,
      "share loud": 0.25,
      "product of neighbours over mean z^2": (-2 - 0.05 + 0.015) / 4 / (power + SIGNAL_FLOOR),
      "least mean |z| over an eighth of the features": 0.35 / 2,
      "log mean residual^2": Math.log(0.0925 / 4 + SIGNAL_FLOOR),
      "residual^2 over z^2": 0.0925 / 4 / (power + SIGNAL_FLOOR),
      "log mean projection^2 in units of the training data's": Math.log(
        (4 / (4 + SIGNAL_FLOOR) + 1 / (1 + SIGNAL_FLOOR)) / 2 + SIGNAL_FLOOR,
      ),
    };
    for (const name of signalStatistics) expect(found[name], name).toBeCloseTo(expected[name], 12);
  });

  test("signal statistics: finite for silence, one feature and huge values", () => {
    for (const z of [
      [0, 0, 0, 0],
      [1e6, -1e6, 1e6, 1e6],
    ])
      expect(Object.values(named(z)).every(Number.isFinite)).toBe(true);
    expect(Object.values(named([3], { basis: [1], variance: [1] })).every(Number.isFinite)).toBe(true);
    expect([1, 2, 15, 16, 24, 768].map(quietWindow)).toEqual([1, 2, 2, 2, 3, 96]);
  });

  test("signal statistics: show each kind of corruption that a linear map of the features misses", () => {
    const clean = Array.from({ length: 64 }, (_, d) => normalAt(randomKey(1, "clean"), d));
    const directions = { basis: new Array<number>(64).fill(0), variance: [1] };
    const ordinary = named(clean, directions);
    const noisy = named(
      clean.map((value, d) => value + normalAt(randomKey(2, "noise"), d)),
      directions,
    );
    const dropped = named(
      clean.map((value, d) => (d % 2 === 0 ? 0 : value)),
      directions,
    );
    const blocked = named(
      clean.map((value, d) => (d < 20 ? 0 : value)),
      directions,
    );
    const clipped = named(
      clean.map((value) => Math.max(-0.5, Math.min(0.5, 4 * value))),
      directions,
    );
    expect(noisy["log mean z^2"]).toBeGreaterThan((ordinary["log mean z^2"] ?? NaN) + 0.4);
    expect(dropped["share silent below 0.02"]).toBeGreaterThanOrEqual(0.5);
    expect(blocked["least mean |z| over an eighth of the features"]).toBeCloseTo(0, 12);
    expect(dropped["least mean |z| over an eighth of the features"]).toBeGreaterThan(0.1);
    expect(clipped["share loud"]).toBeGreaterThan((ordinary["share loud"] ?? NaN) + 0.5);
  });
});

describe("principal directions", () => {
  /** Rows with deviations 3, 2 and 0.1 along three orthogonal axes of 12, and 0.1 elsewhere. */
  const width = 12;
  const rows = Float64Array.from(
    { length: 500 * width },
    (_, i) => ([3, 2, 1][i % width] ?? 0.1) * normalAt(randomKey(4, "rows"), i),
  );

  test("principal directions: orthonormal, with most of the variance", () => {
    const { basis, variance } = principalDirections(rows, width);
    const count = directionCount(width);
    expect(count).toBe(3);
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) {
        const inner = Array.from(
          { length: width },
          (_, d) => (basis[d * count + a] ?? NaN) * (basis[d * count + b] ?? NaN),
        ).reduce((sum, one) => sum + one, 0);
        expect(inner).toBeCloseTo(a === b ? 1 : 0, 10);
      }
    }
    const kept = Array.from(basis).reduce(
      (sum, value, i) => sum + (Math.floor(i / count) < 3 ? value * value : 0),
      0,
    );
    expect(kept).toBeGreaterThan(2.99);
    expect(Array.from(variance).reduce((sum, one) => sum + one, 0)).toBeCloseTo(14, -1);
  });

  test("principal directions: the same bits for the same rows; a quarter of the features, 1 to 32", () => {
    expect(principalDirections(rows, width)).toEqual(principalDirections(rows, width));
    expect([1, 3, 8, 74, 768].map(directionCount)).toEqual([1, 1, 2, 18, 32]);
  });

  test("principal directions: no NaN for rows of lower rank", () => {
    const flat = principalDirections(new Float64Array(10 * width), width);
    expect(Array.from(flat.basis).every(Number.isFinite)).toBe(true);
    expect(Array.from(flat.variance)).toEqual([0, 0, 0]);
  });
});
