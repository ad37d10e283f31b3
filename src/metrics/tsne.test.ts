import { describe, expect, it } from "vitest";
import { codeOf } from "../core/testing/code-of.js";
import { normalAt, randomKey } from "../core/random.js";
import { neighbourAgreement } from "./neighbour-agreement.js";
import { jointProbabilities, squaredDistances, tsne, tsneGradient } from "./tsne.js";

/** Three clouds in eight dimensions. */
const groups = Array.from({ length: 60 }, (_, i) => i % 3);
const clouds = Float64Array.from(
  { length: 60 * 8 },
  (_, i) => normalAt(randomKey(3, "cloud"), i) + 6 * ((groups[Math.floor(i / 8)] ?? 0) === i % 8 ? 1 : 0),
);

describe("jointProbabilities", () => {
  it("sum to 1, are symmetric, and have the requested perplexity", () => {
    const size = 60;
    const distances = squaredDistances(clouds, 8, size);
    const joint = jointProbabilities(distances, size, 10);
    expect(joint.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 10);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) expect(joint[i * size + j]).toBe(joint[j * size + i]);
    // An equilateral triangle: all neighbours are equally near.
    const equal = jointProbabilities(squaredDistances([0, 0, 1, 0, 0.5, Math.sqrt(0.75)], 2, 3), 3, 2);
    for (const at of [1, 2, 5]) expect(equal[at]).toBeCloseTo(1 / 6, 6);
  });
});

describe("tsneGradient", () => {
  it("is the derivative of the divergence of the two distributions", () => {
    const size = 6;
    const joint = jointProbabilities(squaredDistances(clouds.subarray(0, size * 8), 8, size), size, 2);
    const divergence = (places: Float64Array): number => {
      const kernel = Array.from(squaredDistances(places, 2, size), (distance, at) =>
        at % (size + 1) === 0 ? 0 : 1 / (1 + distance),
      );
      const total = kernel.reduce((sum, value) => sum + value, 0);
      return kernel.reduce(
        (sum, value, at) =>
          sum + (value === 0 ? 0 : (joint[at] ?? NaN) * Math.log(((joint[at] ?? NaN) * total) / value)),
        0,
      );
    };
    const places = Float64Array.from({ length: 2 * size }, (_, i) => normalAt(randomKey(4, "places"), i));
    const gradient = tsneGradient(places, joint, size, 1);
    for (let i = 0; i < places.length; i++) {
      const moved = (by: number): number =>
        divergence(places.map((value, j) => (j === i ? value + by : value)));
      expect(gradient[i]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 6);
    }
  });
});

describe("tsne", () => {
  it("keeps clusters together, and has the same result for the same seed", () => {
    const places = tsne(clouds, 8, { perplexity: 10, iterations: 300 });
    expect(places.every(Number.isFinite)).toBe(true);
    expect(neighbourAgreement(places, 2, groups)).toBeGreaterThan(0.95);
    expect(
      neighbourAgreement(
        places,
        2,
        groups.map((_, i) => Math.floor(i / 20)),
      ),
    ).toBeLessThan(0.6);
    expect(tsne(clouds, 8, { perplexity: 10, iterations: 300 })).toEqual(places);
    expect(tsne(clouds, 8, { perplexity: 10, iterations: 300, seed: 2 })).not.toEqual(places);
  });
  it("accepts degenerate input: equal points, few points, none", () => {
    expect(tsne(new Float64Array(30), 3, { iterations: 50 }).every(Number.isFinite)).toBe(true);
    expect(tsne(Float64Array.of(1, 2), 1)).toHaveLength(4);
    expect(tsne(new Float64Array(0), 3)).toHaveLength(0);
    expect(codeOf(() => tsne(Float64Array.of(1, NaN, 2, 3), 1))).toBe("data.invalid-value");
  });
});

describe("neighbourAgreement", () => {
  it("is the share of the nearest points that are of the same group", () => {
    expect(neighbourAgreement([0, 1, 10, 11], 1, ["a", "a", "b", "b"], 1)).toBe(1);
    expect(neighbourAgreement([0, 1, 10, 11], 1, ["a", "b", "a", "b"], 1)).toBe(0);
    expect(neighbourAgreement([0, 1, 2], 1, ["a", "a", "b"])).toBeCloseTo((0.5 + 0.5 + 0) / 3, 12);
    expect(neighbourAgreement([0], 1, ["a"])).toBeNull();
  });
});
