import type { Backend } from "../../../../backend.js";
import { Heap } from "../../heap.js";
import { assembleBackend } from "../../index.js";
import { type LoadedKernels, loadKernels, loadKernelsSync } from "../../kernels.js";
import { type ThreadHost, threadHost } from "../host.js";
import { threadedKernels } from "../kernels.js";
import { type PoolSettings, poolSettings, ThreadPool } from "../pool.js";
import type { Kernel } from "../protocol.js";

/** Backend with threads, and its pool. */
export interface ThreadedBackend {
  readonly backend: Backend;
  readonly pool: ThreadPool;
}

type Settings = Partial<PoolSettings> & { readonly host?: ThreadHost };

/** Backend whose threads share every call that can be split, and have started. */
export function threadedBackend(threads: number, settings: Settings = {}): ThreadedBackend {
  const heap = new Heap(undefined, true);
  return assembled(heap, loadKernelsSync(heap), threads, settings);
}

/** The same in fast arithmetic. */
export async function fastThreadedBackend(threads: number): Promise<ThreadedBackend> {
  const heap = new Heap(undefined, true);
  return assembled(heap, await loadKernels(heap, "fast"), threads, {});
}

function assembled(
  heap: Heap,
  { kernels, module }: LoadedKernels,
  threads: number,
  { host = nodeThreads(), ...settings }: Settings,
): ThreadedBackend {
  const parts = {
    host,
    threads,
    module,
    memory: heap.memory,
    kernels: kernels as unknown as Readonly<Record<string, Kernel>>,
    room: () => heap.reserved(kernels.roomBytes()),
    work: (thread: number, floats: number) => heap.workOf(thread, floats),
  };
  const pool = new ThreadPool(parts, { ...poolSettings, startAfter: 0, idleMs: 1e6, ...settings });
  // parts of any size, so that small cases are split, too
  const shared = threadedKernels(kernels, heap, pool, { worth: 1e-6 });
  pool.waitForStart();
  return { backend: assembleBackend("wasm", `wasm, ${threads} threads`, heap, shared), pool };
}

/** The threads of Node. */
export function nodeThreads(): ThreadHost {
  const host = threadHost();
  if ("reason" in host) throw new Error(host.reason);
  return host;
}
