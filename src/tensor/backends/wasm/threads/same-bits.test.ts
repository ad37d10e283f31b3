import { describe, expect, it } from "vitest";
import { kernelCases } from "../../../kernels/testing/cases.js";
import type { KernelCase } from "../../../testing/kernel-case.js";
import { differingWords, wordsOf } from "../../testing/same-words.js";
import { createWasmBackendSync } from "../index.js";
import { threadedBackend } from "./testing/threaded-backend.js";

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
