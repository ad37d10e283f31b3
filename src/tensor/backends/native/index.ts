import { BackendError } from "../../../core/errors.js";
import type { Backend } from "../../backend.js";
import { Heap } from "../wasm/heap.js";
import { assembleBackend, type WasmOptions } from "../wasm/index.js";
import { loadKernelsSync } from "../wasm/kernels.js";
import { loadAddon } from "./addon.js";
import { nativeKernels } from "./kernels.js";

export interface NativeOptions extends WasmOptions {
  /** Threads that share a large kernel. No bit depends on it. Default: all cores that this process may use. */
  readonly threads?: number;
  /**
   * "fast": multiply and add round once, where the processor can. Other bits than everywhere else. Default
   * "exact".
   */
  readonly arithmetic?: "exact" | "fast";
  /** Leave work too small for a native call to the wasm kernels: the same bits. Default true. */
  readonly smallOnWasm?: boolean;
  /** Name of an instruction set, for tests and benchmarks. Default: the best one of this processor. */
  readonly instructionSet?: string;
}

export type NativeStatus =
  | {
      readonly available: true;
      readonly path: string;
      /** Instruction sets of this processor by arithmetic, from the plainest to the best. */
      readonly instructionSets: Readonly<Record<"exact" | "fast", readonly string[]>>;
      readonly cores: number;
    }
  | { readonly available: false; readonly reason: string };

/** Says whether the native kernels can be used here, and if not, why. */
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
 * The fastest backend: kernels in native code (native/), float32, on several threads. Operation for operation
 * the order of the wasm backend, hence the same bits, unless `arithmetic` is "fast".
 * @throws BackendError `backend.unavailable` where the native kernels are not installed or lack what was asked
 * for, `backend.out-of-memory`
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
      `this processor has no instruction set${instructionSet === undefined ? "" : ` "${instructionSet}"`} for ${arithmetic} arithmetic`,
    );
  }
  const heap = new Heap(options.maximumPages);
  const wasm = loadKernelsSync(heap);
  const engine = `native, ${sets[level]?.name ?? ""}, ${threads} thread${threads === 1 ? "" : "s"}`;
  return assembleBackend(
    "native",
    engine,
    heap,
    nativeKernels(wasm, heap, { addon, level, threads, smallOnWasm }),
  );
}

function unavailable(reason: string): BackendError {
  return new BackendError("backend.unavailable", `the native backend cannot be used: ${reason}`, {
    hint: "Run npm run build:native where Rust is installed, or use --backend wasm: it gives the same bits.",
  });
}
