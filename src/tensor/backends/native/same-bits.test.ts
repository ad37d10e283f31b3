import { describe, expect, it } from "vitest";
import type { Backend } from "../../backend.js";
import type { KernelCase } from "../../testing/kernel-case.js";
import { kernelCases } from "../../kernels/testing/cases.js";
import { createWasmBackendSync } from "../wasm/index.js";
import { createNativeBackend, nativeStatus } from "./index.js";

const status = nativeStatus();
if (!status.available) console.warn(`native kernels are not tested: ${status.reason}`);

/** Output of a case as 32-bit words. All NaN count as equal. */
function wordsOf(backend: Backend, { run }: KernelCase): Int32Array[] {
  const words = run(backend).map((result) => {
    const values = typeof result === "number" ? Float64Array.of(result) : Float32Array.from(result.view);
    for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) values[i] = NaN;
    return new Int32Array(values.buffer);
  });
  backend.endStep();
  return words;
}

function same(a: Int32Array, b: Int32Array | undefined): boolean {
  return a.length === b?.length && a.every((word, i) => word === b[i]);
}

const sets = status.available ? status.instructionSets.exact : [];
const variants = [
  ...sets.map((instructionSet) => ({ instructionSet, threads: 1 })),
  ...sets.slice(-1).map((instructionSet) => ({ instructionSet, threads: 3 })),
];

/** Output of the wasm backend, by case. */
const expectedWords = new Map<KernelCase, readonly Int32Array[]>();

const wasm = createWasmBackendSync();

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
    const differing = expected.flatMap((words, i) => (same(words, got[i]) ? [] : [i]));
    expect(differing, "places of the results that differ").toEqual([]);
  });
});
