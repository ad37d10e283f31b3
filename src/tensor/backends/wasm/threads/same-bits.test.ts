import { setFlagsFromString } from "node:v8";
import { describe, expect, it } from "vitest";
import { kernelCases } from "../../../kernels/testing/cases.js";
import type { KernelCase } from "../../../testing/kernel-case.js";
import { differingWords, wordsOf } from "../../testing/same-words.js";
import { createWasmBackend, createWasmBackendSync } from "../index.js";
import { fastThreadedBackend, threadedBackend } from "./testing/threaded-backend.js";

const alone = createWasmBackendSync({ threads: 1 });
const expectedWords = new Map<KernelCase, readonly Int32Array[]>();

describe.each([2, 3])("%i threads", (threads) => {
  const { backend, pool } = threadedBackend(threads);

  it("all threads take part", () => {
    expect(pool.available(1)).toBe(threads);
  });

  it.each(kernelCases)("$name: the bits of one thread", (kernelCase) => {
    const expected = expectedWords.get(kernelCase) ?? wordsOf(alone, kernelCase);
    expectedWords.set(kernelCase, expected);
    const got = wordsOf(backend, kernelCase);
    expect(got.length).toBe(expected.length);
    expect(differingWords(expected, got), "places of the results that differ").toEqual([]);
  });
});

describe("two threads in fast arithmetic", async () => {
  setFlagsFromString("--experimental-wasm-relaxed-simd"); // Node 20 has relaxed SIMD behind a flag
  const [one, two] = [
    await createWasmBackend({ threads: 1, arithmetic: "fast" }),
    await fastThreadedBackend(2),
  ];
  const cases = kernelCases.filter(({ name }) => /^(product|experts|adam)/.test(name));

  it.each(cases)("$name: the bits of one thread", (kernelCase) => {
    expect(two.pool.available(1)).toBe(2);
    expect(differingWords(wordsOf(one, kernelCase), wordsOf(two.backend, kernelCase))).toEqual([]);
  });

  it("rounds once in products, so that some results differ from those of exact arithmetic", () => {
    const differing = cases.filter((kernelCase) => {
      return differingWords(wordsOf(alone, kernelCase), wordsOf(one, kernelCase)).length > 0;
    });
    expect(differing.length).toBeGreaterThan(3);
  });
});
