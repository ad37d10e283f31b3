import { describe, expect, it } from "vitest";
import { foldIn, integerAt, normalAt, permutation, randomKey, threefry, uniformAt } from "./random.js";

const key = randomKey(42, "test");

/** Mean of f over the first n draws. */
function meanOf(n: number, f: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += f(i);
  return sum / n;
}

describe("threefry", () => {
  it.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x243f6a88, 0x85a308d3],
      [0x13198a2e, 0x03707344],
      [0xc4923a9c, 0x483df7a0],
    ],
  ] as const)("matches the published known answer: counter %j, key %j", ([c0, c1], [k0, k1], expected) => {
    const out = new Uint32Array(2);
    threefry({ k0, k1 }, c0, c1, out);
    expect([...out]).toEqual(expected);
  });

  it("reads a key's words the same whether they are signed or unsigned", () => {
    const signed = { k0: -5, k1: -(2 ** 31) };
    const unsigned = { k0: 2 ** 32 - 5, k1: 2 ** 31 };
    expect(uniformAt(signed, 3)).toBe(uniformAt(unsigned, 3));
  });
});

describe("keys", () => {
  it("differ by seed, by purpose and by index, over all 53 bits of a seed", () => {
    const keys = [
      ...[0, 1, 2, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER].map((seed) => randomKey(seed, "a")),
      ...["b", "ab", "ba", "", "a/", "ä"].map((purpose) => randomKey(0, purpose)),
      ...[0, 1, 2, 2 ** 31, 2 ** 32, 2 ** 32 + 1].map((index) => foldIn(key, index)),
    ];
    expect(new Set(keys.map(({ k0, k1 }) => `${k0},${k1}`)).size).toBe(keys.length);
    for (const { k0, k1 } of keys) expect(k0 >>> 0 === k0 && k1 >>> 0 === k1).toBe(true);
  });

  it("give the same draw again, in any order", () => {
    const forwards = Array.from({ length: 10 }, (_, i) => normalAt(key, i));
    const backwards = Array.from({ length: 10 }, (_, i) => normalAt(key, 9 - i)).reverse();
    expect(backwards).toEqual(forwards);
  });

  it("give draws that never changed: stored results must stay reproducible", () => {
    expect(randomKey(1, "parameters")).toEqual({ k0: 407532947, k1: 3069214710 });
    expect([uniformAt(key, 0), uniformAt(key, 1)]).toEqual([0.49269663041923195, 0.5441304204287007]);
    expect([0, 1, 2, 3].map((i) => normalAt(key, i))).toEqual([
      0.9115373863120373, 0.47518910252374846, -1.0373027444229999, -0.1286996265959688,
    ]);
  });
});

describe("uniformAt", () => {
  const n = 100_000;
  it("has the moments of the uniform distribution and fills 64 bins evenly", () => {
    expect(Math.abs(meanOf(n, (i) => uniformAt(key, i)) - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(meanOf(n, (i) => (uniformAt(key, i) - 0.5) ** 2) - 1 / 12)).toBeLessThan(0.001);
    const bins = new Array<number>(64).fill(0);
    for (let i = 0; i < n; i++) {
      const bin = Math.floor(64 * uniformAt(key, i));
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const chiSquare = bins.reduce((sum, count) => sum + (count - n / 64) ** 2 / (n / 64), 0);
    expect(chiSquare).toBeGreaterThan(32); // 63 degrees of freedom: mean 63, deviation 11.2
    expect(chiSquare).toBeLessThan(110);
  });

  it("has independent neighbours, within a stream and across keys", () => {
    const centred = (k: typeof key, i: number): number => uniformAt(k, i) - 0.5;
    const bound = (4 / 12) * Math.sqrt(1 / n);
    expect(Math.abs(meanOf(n, (i) => centred(key, i) * centred(key, i + 1)))).toBeLessThan(bound);
    expect(
      Math.abs(meanOf(n, (i) => centred(foldIn(key, i), 0) * centred(foldIn(key, i + 1), 0))),
    ).toBeLessThan(bound);
  });

  it("stays inside the open interval", () => {
    for (let i = 0; i < n; i++) {
      const u = uniformAt(key, i);
      if (!(u > 0 && u < 1)) expect.unreachable(`draw ${i} is ${u}`);
    }
  });
});

describe("normalAt", () => {
  const n = 100_000;
  it.each([
    ["mean", 1, 0, 0.013],
    ["variance", 2, 1, 0.018],
    ["third moment", 3, 0, 0.05],
    ["fourth moment", 4, 3, 0.13],
  ] as const)("has the standard normal's %s", (_, power, expected, tolerance) => {
    expect(Math.abs(meanOf(n, (i) => normalAt(key, i) ** power) - expected)).toBeLessThan(tolerance);
  });

  it("has the standard normal's tails", () => {
    expect(
      Math.abs(meanOf(n, (i) => (Math.abs(normalAt(key, i)) > 1.959963984540054 ? 1 : 0)) - 0.05),
    ).toBeLessThan(0.003);
    expect(Math.abs(meanOf(n, (i) => (normalAt(key, i) > 3 ? 1 : 0)) - 0.00135)).toBeLessThan(0.0005);
  });

  it("has independent pairs although two draws share a block", () => {
    expect(Math.abs(meanOf(n, (i) => normalAt(key, 2 * i) * normalAt(key, 2 * i + 1)))).toBeLessThan(0.013);
    expect(
      Math.abs(meanOf(n, (i) => normalAt(key, 2 * i) ** 2 * normalAt(key, 2 * i + 1) ** 2) - 1),
    ).toBeLessThan(0.04);
  });
});

describe("integerAt and permutation", () => {
  it("draws every integer below the bound about equally often", () => {
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) {
      const value = integerAt(key, i, 7);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
    expect(counts).toHaveLength(7);
    expect(integerAt(key, 5, 1)).toBe(0);
  });

  it("permutes, the same for the same key", () => {
    for (const n of [0, 1, 2, 7, 1000]) {
      const order = permutation(key, n);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      expect(permutation(key, n)).toEqual(order);
    }
    expect(permutation(foldIn(key, 1), 1000)).not.toEqual(permutation(key, 1000));
  });

  it("reaches all orders about equally often", () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 4800; i++) {
      const order = permutation(foldIn(key, i), 4).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
    expect(chiSquare).toBeLessThan(53); // 23 degrees of freedom, p = 0.0004
  });
});
