import { defined } from "../../../core/defined.js";
import { BackendError } from "../../../core/errors.js";
import type { Heap } from "../wasm/heap.js";
import type { RawKernels } from "../../kernels/raw.js";
import type { Addon } from "./addon.js";
import { smallWork } from "./small-work.js";

/**
 * Number of arguments before those of the kernel: start of the memory, instruction set, number of threads.
 */
const HEAD = 3;
const CAPACITY = 32;

type Call = (...values: number[]) => unknown;

/** Array that passes the arguments of all native calls of this thread. */
let numbers: Float64Array | undefined;

function numbersOf(addon: Addon): Float64Array {
  if (numbers) return numbers;
  numbers = new Float64Array(new ArrayBuffer(8 * (HEAD + CAPACITY)));
  addon.useNumbers(numbers);
  return numbers;
}

export interface NativeCalls {
  readonly addon: Addon;
  /** Index of the instruction set in `addon.instructionSets()`. */
  readonly level: number;
  readonly threads: number;
  /** Run small calls on the wasm kernels, which have less call overhead. */
  readonly smallOnWasm: boolean;
}

/**
 * Returns the WebAssembly kernels, replaced by native kernels: the same names and arguments, memory and bits.
 *
 * @throws BackendError `backend.unavailable` if the native package does not match these kernels
 */
export function nativeKernels(
  wasm: RawKernels,
  heap: Heap,
  { addon, level, threads, smallOnWasm }: NativeCalls,
): RawKernels {
  const passed = numbersOf(addon);
  const startOf = (): number => addon.addressOf(heap.arrayBuffer as ArrayBuffer);
  let start = startOf();
  let growth = heap.growth;

  const callOf =
    (kernel: number, replaced: Call, isSmall: ((values: readonly number[]) => boolean) | undefined): Call =>
    (...values) => {
      if (isSmall?.(values) === true) return replaced(...values);
      if (growth !== heap.growth) {
        start = startOf();
        growth = heap.growth;
      }
      passed[0] = start;
      passed[1] = level;
      passed[2] = threads;
      for (let i = 0; i < values.length; i++) passed[HEAD + i] = defined(values[i]);
      return addon.call(kernel);
    };

  const table: Record<string, Call> = {};
  addon.kernelTable().forEach(({ name, arity }, number) => {
    const replaced = (wasm as unknown as Readonly<Record<string, Call | undefined>>)[name];
    if (replaced?.length !== arity) {
      throw new BackendError(
        "backend.unavailable",
        `the native kernel ${name} takes ${arity} numbers, but the WebAssembly kernel takes ` +
          `${replaced?.length ?? "none"}`,
        { hint: "Rebuild the native kernels (npm run build:native), or use --backend wasm." },
      );
    }
    table[name] = callOf(number, replaced, smallOnWasm ? smallWork(name) : undefined);
  });
  return { ...wasm, ...table };
}
