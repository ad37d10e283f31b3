import { describe, expect, test } from "vitest";
import { normalAt, randomKey } from "../core/random.js";
import { comparePaired, holm, meanOfLists } from "./statistics.js";

const key = randomKey(3, "statistics");
const noise = (n: number, at = 0): number[] => Array.from({ length: n }, (_, i) => normalAt(key, at + i));

describe("comparePaired", () => {
  test("finds a difference that is there: an interval around it, and a small p", () => {
    const b = noise(400);
    const a = b.map((value, i) => value + 0.3 + 0.5 * normalAt(key, 10_000 + i));
    const { difference, low, high, p } = comparePaired(a, b);
    expect(difference).toBeCloseTo(0.3, 1);
    expect(low).toBeGreaterThan(0);
    expect(high - low).toBeCloseTo((2 * 1.96 * 0.5) / 20, 1.5);
    expect(p).toBe(1 / 2001);
  });

  test("the interval has its coverage, and p is below 0.05 in 5% of cases without difference", () => {
    let [held, found] = [0, 0];
    for (let trial = 0; trial < 200; trial++) {
      const differences = noise(60, 100_000 + 60 * trial);
      const { low, high, p } = comparePaired(differences, new Float64Array(60), {
        resamples: 400,
        seed: trial,
      });
      if (low <= 0 && high >= 0) held += 1;
      if (p < 0.05) found += 1;
    }
    expect(held / 200).toBeGreaterThan(0.89);
    expect(held / 200).toBeLessThan(0.99);
    expect(found / 200).toBeLessThan(0.1);
  });

  test("refuses lists of different lengths", () => {
    expect(() => comparePaired([1, 2, 3], [1, 2])).toThrow(/3 scores of one model and 2 of the other/);
  });

  test("finds no difference between equal models, and the same for the same seed", () => {
    expect(comparePaired([1, 0, 1], [1, 0, 1])).toEqual({ difference: 0, low: 0, high: 0, p: 1 });
    const [a, b] = [noise(50), noise(50, 500)];
    expect(comparePaired(a, b, { seed: 7 })).toEqual(comparePaired(a, b, { seed: 7 }));
    expect(comparePaired(a, b, { seed: 8 }).low).not.toBe(comparePaired(a, b, { seed: 7 }).low);
    expect(comparePaired(b, a, { seed: 7 }).difference).toBeCloseTo(
      -comparePaired(a, b, { seed: 7 }).difference,
      12,
    );
  });
});

test("Holm's correction, by hand: 0.01, 0.04, 0.03 of three become 0.03, 0.06, 0.06", () => {
  expect(holm([0.01, 0.04, 0.03]).map((p) => Number(p.toFixed(6)))).toEqual([0.03, 0.06, 0.06]);
  expect(holm([0.9, 0.6])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});

test("meanOfLists averages place by place", () => {
  expect(
    Array.from(
      meanOfLists([
        [1, 0, 1],
        [0, 0, 1],
      ]),
    ),
  ).toEqual([0.5, 0, 1]);
});
