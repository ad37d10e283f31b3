import { BackendError } from "../../../core/errors.js";
import { bytesOfBase64 } from "./base64.js";
import { withSharedMemory } from "./threads/shared-module.js";
import type { RawKernels } from "../../kernels/raw.js";
import type { Heap } from "./heap.js";
import { kernelModuleBase64 } from "./kernels.generated.js";
import { type WasmImports, type WasmModule, webAssembly } from "./webassembly.js";

/** Instance of the kernels on a memory, and its module, from which threads make their own instances. */
export interface LoadedKernels {
  readonly kernels: RawKernels;
  readonly module: WasmModule;
}

/** Rounding of the sums of a product: "fast" fuses multiply and add where the machine can. */
export type Arithmetic = "exact" | "fast";

/**
 * Compiled modules by arithmetic, for own and for shared memories, used by all backends of the process. Each
 * backend has its own instance and memory.
 */
const compiled: Partial<Record<`${Arithmetic}, ${"own" | "shared"}`, WasmModule>> = {};

const kindOf = (heap: Heap, arithmetic: Arithmetic): keyof typeof compiled =>
  `${arithmetic}, ${heap.shared ? "shared" : "own"}`;

function bytesFor(heap: Heap, base64: string): Uint8Array {
  const bytes = bytesOfBase64(base64);
  return heap.shared ? withSharedMemory(bytes) : bytes;
}

/** Gives the kernels their work space behind their own data, and the rest of the memory to the heap. */
function settle(heap: Heap, exports: unknown): RawKernels {
  const kernels = exports as RawKernels;
  const room = Math.ceil(kernels.heapBase() / 64) * 64;
  heap.reserve(room + kernels.roomBytes());
  kernels.useRoom(room);
  return kernels;
}

function imports(heap: Heap): WasmImports {
  return {
    env: {
      memory: heap.memory,
      abort: () => {
        throw new BackendError("backend.unavailable", "a kernel failed an internal check");
      },
    },
  };
}

function unavailable(cause: unknown): BackendError {
  return new BackendError(
    "backend.unavailable",
    "this JavaScript engine cannot run the WebAssembly kernels, which need 128-bit SIMD",
    {
      cause,
      hint: "Use the reference backend, Node 20.19 or later, or a current browser.",
    },
  );
}

/** Loads the kernels. The module of the fast arithmetic is read only if it is asked for. */
export async function loadKernels(heap: Heap, arithmetic: Arithmetic = "exact"): Promise<LoadedKernels> {
  const host = webAssembly();
  const base64 =
    arithmetic === "exact"
      ? kernelModuleBase64
      : (await import("./fused-kernels.generated.js")).kernelModuleBase64;
  let module: WasmModule;
  let exports: unknown;
  try {
    module = compiled[kindOf(heap, arithmetic)] ??= await host.compile(bytesFor(heap, base64));
    ({ exports } = await host.instantiate(module, imports(heap)));
  } catch (cause) {
    throw unavailable(cause);
  }
  return { module, kernels: settle(heap, exports) };
}

export function loadKernelsSync(heap: Heap): LoadedKernels {
  const { Module, Instance } = webAssembly();
  let module: WasmModule;
  let exports: unknown;
  try {
    module = compiled[kindOf(heap, "exact")] ??= new Module(bytesFor(heap, kernelModuleBase64));
    ({ exports } = new Instance(module, imports(heap)));
  } catch (cause) {
    throw unavailable(cause);
  }
  return { module, kernels: settle(heap, exports) };
}
