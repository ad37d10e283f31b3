import type { Backend } from "../../backend.js";
import type { KernelCase } from "../../testing/kernel-case.js";

/** Outputs of a case as 32-bit words. All NaN count as equal. */
export function wordsOf(backend: Backend, { run }: KernelCase): Int32Array[] {
  const words = run(backend).map((result) => {
    const values = typeof result === "number" ? Float64Array.of(result) : Float32Array.from(result.view);
    for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) values[i] = NaN;
    return new Int32Array(values.buffer);
  });
  backend.endStep();
  return words;
}

/** Places of the outputs that differ. */
export function differingWords(expected: readonly Int32Array[], got: readonly Int32Array[]): number[] {
  const same = (a: Int32Array, b: Int32Array | undefined): boolean =>
    a.length === b?.length && a.every((word, i) => word === b[i]);
  return expected.flatMap((words, i) => (same(words, got[i]) ? [] : [i]));
}
