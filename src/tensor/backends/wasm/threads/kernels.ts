import { defined } from "../../../../core/defined.js";
import type { RawKernels } from "../../../kernels/raw.js";
import type { Heap } from "../heap.js";
import type { ThreadPool } from "./pool.js";
import type { Kernel } from "./protocol.js";
import { settingsKernels, type SplitPhase, splitKernels, splitOf } from "./split-calls.js";

/**
 * Nanoseconds of estimated work below which a call stays on one thread: several times the cost of waking a
 * sleeping thread and waiting for it. `bench/kernels/threads.js` shows where threads begin to pay off.
 */
const WORTH = 100_000;
/** Number of parts per thread. If another process delays a thread, the others take over its parts. */
const PARTS = 4;

/** Properties of {@link threadedKernels} that tests change. */
export interface SharingSettings {
  /** Nanoseconds of estimated work below which a call stays on one thread. */
  readonly worth: number;
}

/**
 * Returns the kernels with large calls shared by the threads of a pool. Each unit of output is computed by
 * one thread, in the same order as alone, so that bits do not depend on the number of threads.
 */
export function threadedKernels(
  raw: RawKernels,
  heap: Heap,
  pool: ThreadPool,
  { worth }: SharingSettings = { worth: WORTH },
): RawKernels {
  const kernels = raw as unknown as Readonly<Record<string, Kernel>>;
  const held = new Map<string, readonly number[]>();
  const source = {
    integer: (address: number): number => defined(new Int32Array(heap.arrayBuffer, address, 1)[0]),
    settings: (kernel: string): readonly number[] => defined(held.get(kernel)),
  };
  const indexOf = (name: string): number => pool.names.indexOf(name);

  const share = (phase: SplitPhase, values: readonly number[]): void => {
    const numbers = phase.numbers(values);
    const nanoseconds = phase.nanoseconds(values);
    const threads = nanoseconds < worth || !phase.splits(values) ? 1 : pool.available(nanoseconds);
    const units = defined(numbers[phase.unitsAt]);
    const blocks = Math.ceil(units / phase.block);
    const parts = Math.min(blocks, Math.floor(nanoseconds / (worth / 4)), threads * PARTS);
    if (threads < 2 || parts < 2) {
      defined(kernels[phase.kernel])(...numbers.slice(phase.settingsCount));
      return;
    }
    const call = {
      kernel: indexOf(phase.kernel),
      settings: phase.settings === undefined ? -1 : indexOf(phase.settings),
      settingsCount: phase.settingsCount,
      values: numbers,
      steps: phase.steps(values),
      unitsAt: phase.unitsAt,
      // address 0: the call needs no work space
      workAt: numbers[phase.workAt] === 0 ? -1 : phase.workAt,
      workFloats: heap.lastWork,
      units,
      block: phase.block,
      parts,
    };
    pool.run(call, threads);
  };

  const table: Record<string, Kernel> = {};
  for (const name of settingsKernels) {
    const set = defined(kernels[name]);
    table[name] = (...values) => {
      held.set(name, values);
      set(...values);
    };
  }
  for (const name of splitKernels) {
    const alone = defined(kernels[name]);
    const phases = splitOf(name, source);
    table[name] = (...values) => {
      let nanoseconds = 0;
      for (const phase of phases) nanoseconds += phase.nanoseconds(values);
      if (nanoseconds < worth) {
        alone(...values);
        return;
      }
      for (const phase of phases) share(phase, values);
    };
  }
  return { ...raw, ...table };
}
