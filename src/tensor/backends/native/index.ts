import type { Backend } from "../../backend.js";
import { Heap } from "../wasm/heap.js";
import { assembleBackend, type WasmOptions } from "../wasm/index.js";
import { loadKernelsSync } from "../wasm/kernels.js";
import { loadAddon } from "./addon.js";
import { nativeKernels } from "./kernels.js";
import { unavailable } from "./unavailable.js";

/** Options of {@link createNativeBackend}. */
export interface NativeOptions extends WasmOptions {
  /**
   * Number of threads for large kernels. Results do not depend on it. Default: all cores available to this
   * process.
   */
  readonly threads?: number;
  /**
   * "fast": fuses multiply and add (one rounding), if the processor can. This changes the bits. Default
   * "exact".
   */
  readonly arithmetic?: "exact" | "fast";
  /** Run small calls on the wasm kernels, with the same bits. Default true. */
  readonly smallOnWasm?: boolean;
  /** Name of an instruction set, for tests and benchmarks. Default: the best of this processor. */
  readonly instructionSet?: string;
}

/** Availability of the native kernels. `available` distinguishes the cases. */
export type NativeStatus =
  | {
      readonly available: true;
      /** File of the native module. */
      readonly path: string;
      /** Instruction sets of this processor by arithmetic, from basic to best. */
      readonly instructionSets: Readonly<Record<"exact" | "fast", readonly string[]>>;
      /** Number of cores that this process may use. */
      readonly cores: number;
    }
  | { readonly available: false; readonly reason: string };

/** Reports whether the native kernels can be used here, with the reason if not. */
export function nativeStatus(): NativeStatus {
  const loaded = loadAddon();
  if ("reason" in loaded) return { available: false, reason: loaded.reason };
  const sets = loaded.addon.instructionSets();
  const names = (fused: boolean): string[] =>
    sets.filter((set) => set.fused === fused).map(({ name }) => name);
  return {
    available: true,
    path: loaded.path,
    instructionSets: { exact: names(false), fast: names(true) },
    cores: loaded.addon.cores(),
  };
}

/**
 * Creates the native backend, the fastest one: Rust kernels (native/), float32, several threads.
 *
 * It has the same order of operations as the wasm backend, so it gives the same bits unless `arithmetic` is
 * "fast".
 * @throws BackendError `backend.unavailable` if the native kernels are not installed or lack a requested
 * feature
 * @throws BackendError `backend.out-of-memory`
 * @example const backend = createNativeBackend({ threads: 2 });
 */
export function createNativeBackend(options: NativeOptions = {}): Backend {
  const loaded = loadAddon();
  if ("reason" in loaded) throw unavailable(loaded.reason);
  const { addon } = loaded;
  const { arithmetic = "exact", instructionSet, threads = addon.cores(), smallOnWasm = true } = options;
  const sets = addon.instructionSets();
  const level = sets.findLastIndex(
    ({ name, fused }) =>
      fused === (arithmetic === "fast") && (instructionSet === undefined || name === instructionSet),
  );
  if (level < 0) {
    throw unavailable(
      "this processor has no instruction set" +
        `${instructionSet === undefined ? "" : ` "${instructionSet}"`} for ${arithmetic} arithmetic`,
    );
  }
  const heap = new Heap(options.maximumPages);
  const { kernels: wasm } = loadKernelsSync(heap);
  const engine = `native, ${sets[level]?.name ?? ""}, ${threads} thread${threads === 1 ? "" : "s"}`;
  return assembleBackend(
    "native",
    engine,
    heap,
    nativeKernels(wasm, heap, { addon, level, threads, smallOnWasm }),
  );
}
