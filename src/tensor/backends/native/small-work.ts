import type { KernelEntry, KernelFamily } from "../../kernels/entry.js";
import * as table from "../../kernels/families.js";

/**
 * Cost below which the wasm kernel is faster. A native call from JavaScript takes about 0.2 microseconds, a
 * wasm call 0.02. A wasm kernel moves an element in about 0.1 nanoseconds.
 */
const SMALL = 2048;

const families: readonly KernelFamily[] = Object.values(table);

function entryOf(kernel: string): KernelEntry | undefined {
  return families.find(({ kernels }) => Object.hasOwn(kernels, kernel))?.kernels[kernel];
}

/**
 * Returns a test for calls that are faster on the wasm kernel, or undefined if the kernel always runs
 * natively. Results do not depend on it.
 */
export function smallWork(kernel: string): ((values: readonly number[]) => boolean) | undefined {
  const entry = entryOf(kernel);
  if (!entry?.cost) return undefined;
  const { weight } = entry.cost;
  const names = Object.keys(entry.numbers);
  const places = entry.cost.factors.map((factor) => names.indexOf(factor));
  return (values) => {
    let total = weight;
    for (const place of places) total *= values[place] ?? 1;
    return total < SMALL;
  };
}
