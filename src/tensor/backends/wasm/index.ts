import { BackendError } from "../../../core/errors.js";
import type { Backend } from "../../backend.js";
import type { RawKernels } from "../../kernels/raw.js";
import { wasm } from "../../kernels/wasm.js";
import { Heap } from "./heap.js";
import { type Arithmetic, loadKernels, loadKernelsSync, type LoadedKernels } from "./kernels.js";
import { hasRelaxedSimd } from "./relaxed-simd.js";
import { type ThreadHost, threadHost } from "./threads/host.js";
import { threadedKernels } from "./threads/kernels.js";
import { ThreadPool } from "./threads/pool.js";
import type { Kernel } from "./threads/protocol.js";

/** Assembles a backend from kernels and a heap. */
export function assembleBackend(
  name: "wasm" | "native",
  engine: string,
  heap: Heap,
  kernels: RawKernels,
): Backend {
  return {
    name,
    engine,
    precision: "float32",
    persistent: (size) => heap.persistent(size),
    scratch: (size) => heap.scratch(size),
    scratchInts: (size) => heap.scratchInts(size),
    endStep: () => {
      heap.endStep();
    },
    memory: () => heap.usage(),
    ...wasm({ kernels, heap }),
  };
}

/** Options of {@link createWasmBackend}. */
export interface WasmOptions {
  /** Limit of the memory in pages of 64 KiB. Default 65536 (4 GiB). */
  readonly maximumPages?: number;
  /**
   * Number of threads for large kernels. Results do not depend on it. Default: all cores available to this
   * process; 1 inside a worker thread of Node. Always 1 where threads cannot share memory (`wasmThreads`).
   */
  readonly threads?: number;
  /**
   * "fast": fuses multiply and add (one rounding) in products, if the machine can. This changes the bits.
   * Needs an engine with relaxed SIMD. Default "exact".
   */
  readonly arithmetic?: Arithmetic;
}

/**
 * Creates the wasm backend: AssemblyScript SIMD kernels (kernels/), float32, several threads.
 *
 * Every machine runs the same operations in the same order, so the bits are the same everywhere, unless
 * `arithmetic` is "fast".
 * @throws BackendError `backend.unavailable` if the engine has no WebAssembly SIMD, or no relaxed SIMD for
 * the fast arithmetic
 * @throws BackendError `backend.out-of-memory`
 * @example const backend = await createWasmBackend();
 */
export async function createWasmBackend(options: WasmOptions = {}): Promise<Backend> {
  const { arithmetic = "exact" } = options;
  if (arithmetic === "fast" && !hasRelaxedSimd())
    throw new BackendError(
      "backend.unavailable",
      "this JavaScript engine has no relaxed SIMD, which the fast arithmetic of the wasm backend needs",
      { hint: "Use Node 22 or later, a current browser, or the native kernels (npm run build:native)." },
    );
  const { heap, sharing } = memoryFor(options);
  return wasmBackend(heap, await loadKernels(heap, arithmetic), sharing, arithmetic);
}

/**
 * Creates the wasm backend synchronously. Browsers refuse this on their main thread: use it in Node and in
 * workers.
 */
export function createWasmBackendSync(options: Omit<WasmOptions, "arithmetic"> = {}): Backend {
  const { heap, sharing } = memoryFor(options);
  return wasmBackend(heap, loadKernelsSync(heap), sharing);
}

/** Host of threads and their number. */
interface Sharing {
  readonly host: ThreadHost;
  readonly threads: number;
}

/** Creates a memory, shared if there are several threads. A memory cannot become shared later. */
function memoryFor({ maximumPages, threads }: WasmOptions): { heap: Heap; sharing?: Sharing } {
  const host = threadHost();
  const count = "reason" in host ? 1 : (threads ?? host.cores);
  if ("reason" in host || count < 2) return { heap: new Heap(maximumPages) };
  try {
    return { heap: new Heap(maximumPages, true), sharing: { host, threads: count } };
  } catch (cause) {
    // some engines reserve the maximum of a shared memory at once, and cannot
    if (!(cause instanceof BackendError)) throw cause;
    return { heap: new Heap(maximumPages) };
  }
}

function wasmBackend(
  heap: Heap,
  { kernels, module }: LoadedKernels,
  sharing: Sharing | undefined,
  arithmetic: Arithmetic = "exact",
): Backend {
  const engine = arithmetic === "fast" ? "wasm, relaxed SIMD" : "wasm";
  if (!sharing) return assembleBackend("wasm", engine, heap, kernels);
  const pool = new ThreadPool({
    ...sharing,
    module,
    memory: heap.memory,
    kernels: kernels as unknown as Readonly<Record<string, Kernel>>,
    room: () => heap.reserved(kernels.roomBytes()),
    work: (thread, floats) => heap.workOf(thread, floats),
  });
  const shared = threadedKernels(kernels, heap, pool);
  return assembleBackend("wasm", `${engine}, ${sharing.threads} threads`, heap, shared);
}
