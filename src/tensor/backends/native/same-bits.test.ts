import { describe, expect, it } from "vitest";
import type { KernelCase } from "../../testing/kernel-case.js";
import { kernelCases } from "../../kernels/testing/cases.js";
import { differingWords, wordsOf } from "../testing/same-words.js";
import { createWasmBackendSync } from "../wasm/index.js";
import { createNativeBackend, nativeStatus } from "./index.js";

const status = nativeStatus();
if (!status.available) console.warn(`native kernels are not tested: ${status.reason}`);

const sets = status.available ? status.instructionSets.exact : [];
const variants = [
  ...sets.map((instructionSet) => ({ instructionSet, threads: 1 })),
  ...sets.slice(-1).map((instructionSet) => ({ instructionSet, threads: 3 })),
];

/** Output of the wasm backend, by case. */
const expectedWords = new Map<KernelCase, readonly Int32Array[]>();

const wasm = createWasmBackendSync({ threads: 1 });

describe.runIf(!status.available)("without native kernels", () => {
  it("the reason is known", () => {
    expect(status).toMatchObject({ available: false, reason: expect.stringMatching(/./) as string });
  });
});

describe.skipIf(!status.available).each(variants)("$instructionSet, $threads threads", (options) => {
  const native = status.available ? createNativeBackend({ ...options, smallOnWasm: false }) : wasm;

  it.each(kernelCases)("$name: the bits of the wasm backend", (kernelCase) => {
    const expected = expectedWords.get(kernelCase) ?? wordsOf(wasm, kernelCase);
    expectedWords.set(kernelCase, expected);
    const got = wordsOf(native, kernelCase);
    expect(got.length).toBe(expected.length);
    expect(differingWords(expected, got), "places of the results that differ").toEqual([]);
  });
});
