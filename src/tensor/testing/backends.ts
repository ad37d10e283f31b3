import type { Backend } from "../backend.js";
import { createNativeBackend, nativeStatus } from "../backends/native/index.js";
import { createReferenceBackend } from "../backends/reference/index.js";
import { createWasmBackendSync } from "../backends/wasm/index.js";

export interface TestBackend {
  readonly name: string;
  readonly create: () => Backend;
  /** Largest |a - b| / max(1, |b|) that counts as agreement with the float64 definition. */
  readonly tolerance: number;
}

/** Backends for tests of every operation. */
export const testBackends: readonly TestBackend[] = [
  { name: "reference float64", create: () => createReferenceBackend({ poison: true }), tolerance: 1e-12 },
  {
    name: "reference float32",
    create: () => createReferenceBackend({ precision: "float32", poison: true }),
    tolerance: 2e-6,
  },
  { name: "wasm", create: () => createWasmBackendSync(), tolerance: 2e-6 },
  // Only if it was built: the tests also pass without Rust.
  ...(nativeStatus().available
    ? [{ name: "native", create: () => createNativeBackend({ threads: 2 }), tolerance: 2e-6 }]
    : []),
];

/** Largest |a - b| / max(1, |b|); infinite if the lengths differ or a number meets a NaN. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < b.length; i++) {
    const x = a[i] ?? NaN;
    const y = b[i] ?? NaN;
    if (Object.is(x, y) || x === y) continue;
    const difference = Math.abs(x - y) / Math.max(1, Math.abs(y));
    largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
  }
  return largest;
}
