import { describe, expect, it } from "vitest";
import { nextExponents, penaltyAt } from "./penalty-search.js";

/** Runs the search on a score to be made small. */
function search(
  score: (exponents: readonly number[]) => number,
  modalities: number,
  epochs: number,
): number[][] {
  const improved: boolean[] = [];
  const tried: number[][] = [];
  let best = Infinity;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const exponents = nextExponents(improved, modalities);
    tried.push(exponents);
    const value = score(exponents);
    improved.push(value < best);
    best = Math.min(best, value);
  }
  return tried;
}

const bowl =
  (...optimum: readonly number[]) =>
  (exponents: readonly number[]): number =>
    exponents.reduce((sum, exponent, m) => sum + (exponent - (optimum[m] ?? 0)) ** 2, 0);

describe("search of a penalty for each modality", () => {
  it("begins with a shared penalty, until six gave no improvement", () => {
    const tried = search(bowl(3, 3), 2, 11);
    expect(tried.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, k) => [k, k]));
    expect(tried[10]).toEqual([-7, 3]);
  });

  it("then searches the modalities in turn around the best so far", () => {
    const tried = search(bowl(3, 3), 2, 10 + 16);
    expect(tried.slice(10, 18).every(([, second]) => second === 3)).toBe(true);
    expect(tried.slice(18).every(([first]) => first === 3)).toBe(true);
  });

  it.each([
    [7, -8],
    [0, 12],
    [-20, 5],
  ])("finds the optimum (%i, %i)", (a, b) => {
    const score = bowl(a, b);
    const tried = search(score, 2, 100);
    expect(Math.min(...tried.map(score))).toBe(0);
  });

  it("is a function of the improvements, so it can continue anywhere", () => {
    const improved = [true, false, true, ...new Array<boolean>(7).fill(false), true, false];
    expect(nextExponents(improved, 3)).toEqual(nextExponents([...improved], 3));
    expect(nextExponents([], 3)).toEqual([0, 0, 0]);
  });
});

it("multiplies and divides by the factor", () => {
  expect([penaltyAt(10, 0.5, 2), penaltyAt(10, 0.5, 0), penaltyAt(10, 0.5, -1)]).toEqual([2.5, 10, 20]);
});
