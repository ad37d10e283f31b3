import { causeText } from "../../../../core/cause-text.js";
import { helperProgram } from "./helper-thread.js";
import type { HelperStart } from "./protocol.js";

/** Engine in which threads can be started: Node, or a worker of a page. */
export interface ThreadHost {
  /** Default number of threads. */
  readonly cores: number;
  /**
   * Starts a helper thread, which does not keep the process alive.
   * @param ended called with the reason when the thread has ended or could not start
   */
  start(start: HelperStart, ended: (reason: string) => void): void;
}

/** Availability of threads for the wasm backend. `available` distinguishes the two cases. */
export type ThreadStatus =
  | {
      readonly available: true;
      /** Default number of threads: all cores, but 1 inside a worker thread of Node. */
      readonly cores: number;
    }
  | { readonly available: false; readonly reason: string };

/** Reports whether the wasm backend can use several threads here, with the reason if not. */
export function wasmThreads(): ThreadStatus {
  const host = threadHost();
  return "reason" in host
    ? { available: false, reason: host.reason }
    : { available: true, cores: host.cores };
}

/** Subset of the hosts' interfaces. These layers compile without Node and DOM types. */
interface NodeWorker {
  on(event: "error", listener: (error: unknown) => void): void;
  on(event: "exit", listener: (code: number) => void): void;
  unref(): void;
}

interface NodeThreads {
  readonly isMainThread: boolean;
  readonly Worker: new (program: string, options: object) => NodeWorker;
}

interface PageWorker {
  onerror: ((event: { readonly message?: string; preventDefault(): void }) => void) | null;
  postMessage(message: unknown): void;
}

interface Page {
  readonly crossOriginIsolated?: boolean;
  readonly document?: unknown;
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly Worker?: new (url: string) => PageWorker;
  readonly Blob?: new (parts: readonly string[], options: object) => object;
  readonly URL?: { createObjectURL(blob: object): string };
}

interface NodeHost {
  readonly process?: {
    getBuiltinModule?(name: "worker_threads"): NodeThreads | undefined;
    getBuiltinModule?(name: "os"): { availableParallelism(): number } | undefined;
  };
}

/** Returns the host of threads, or the reason why there is none. */
export function threadHost(): ThreadHost | { readonly reason: string } {
  const { process } = globalThis as unknown as NodeHost;
  const threads = process?.getBuiltinModule?.("worker_threads");
  if (threads) return nodeHost(threads, process?.getBuiltinModule?.("os")?.availableParallelism() ?? 1);
  return pageHost(globalThis as unknown as Page);
}

function nodeHost({ Worker, isMainThread }: NodeThreads, cores: number): ThreadHost {
  return {
    // other worker threads of the process, e.g. those of a sweep, use the other cores
    cores: isMainThread ? cores : 1,
    start(start, ended) {
      const program = helperProgram('require("node:worker_threads").workerData');
      const worker = new Worker(program, {
        eval: true,
        workerData: start,
        execArgv: [],
        name: "euar-kernels",
      });
      let reason: string | undefined;
      worker.on("error", (error) => {
        reason = causeText(error);
      });
      worker.on("exit", (code) => {
        ended(reason ?? `it ended with code ${code}`);
      });
      worker.unref();
    },
  };
}

function pageHost(page: Page): ThreadHost | { readonly reason: string } {
  const { Worker, Blob, URL } = page;
  if (!Worker || !Blob || !URL) return { reason: "this JavaScript engine has no workers" };
  if (page.crossOriginIsolated !== true)
    return { reason: "the page is not cross-origin isolated, so that threads cannot share memory" };
  if (page.document !== undefined)
    return { reason: "the main thread of a page may not wait for threads: run the model in a worker" };
  let address: string | undefined;
  return {
    cores: page.navigator?.hardwareConcurrency ?? 1,
    start(start, ended) {
      address ??= URL.createObjectURL(
        new Blob([`onmessage = ({ data }) => { ${helperProgram("data")} close(); };`], {
          type: "text/javascript",
        }),
      );
      const worker = new Worker(address);
      worker.onerror = (event) => {
        event.preventDefault();
        ended(event.message ?? "its program could not be loaded");
      };
      worker.postMessage(start);
    },
  };
}
