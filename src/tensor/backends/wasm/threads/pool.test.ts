import { spawnSync } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import type { Backend, FloatBuffer } from "../../../backend.js";
import { createWasmBackendSync } from "../index.js";
import { helperProgram } from "./helper-thread.js";
import { wasmThreads } from "./host.js";
import { places, states } from "./protocol.js";
import { nodeThreads, threadedBackend } from "./testing/threaded-backend.js";

const COUNT = 100_000;

function filledWith(backend: Backend, value: number): FloatBuffer {
  const out = backend.scratch(COUNT);
  backend.fill(out, value);
  return out;
}

const usable = (backend: Backend): boolean => filledWith(backend, 3).view.every((value) => value === 3);

describe("a lost thread", () => {
  it("with a failed kernel ends the call with an error, and all later calls", () => {
    const host = nodeThreads();
    const { backend } = threadedBackend(2, {
      // a thread without kernels fails at its first part; the calling one leaves it some of the many parts
      host: {
        ...host,
        start: (start, ended) => {
          host.start({ ...start, names: [] }, ended);
        },
      },
    });
    const failing = (): void => {
      for (let i = 0; i < 10_000; i++) {
        filledWith(backend, i);
        backend.endStep();
      }
    };
    const lost = expect.objectContaining({ code: "backend.thread-lost" }) as Error;
    expect(failing).toThrow(lost);
    expect(() => filledWith(backend, 1)).toThrow(lost);
  });

  it("in the middle of a part is an error after a while, not a hang", () => {
    const host = nodeThreads();
    const { backend } = threadedBackend(2, {
      patience: 1,
      // takes a part and never returns
      host: {
        ...host,
        start: (start, ended) => {
          host.start({ ...start, names: [], states: { ...states, failed: states.busy } }, ended);
        },
      },
    });
    expect(() => {
      for (let i = 0; i < 10_000; i++) {
        filledWith(backend, i);
        backend.endStep();
      }
    }).toThrow(/did not finish its part within 1 seconds/);
  });

  it("while it slept is an error when the process is notified", async () => {
    let end = (): void => undefined;
    const host = nodeThreads();
    const { backend } = threadedBackend(2, {
      host: {
        ...host,
        start: (start, ended) => {
          end = () => {
            ended("it was killed");
          };
          host.start(start, () => undefined);
        },
      },
    });
    expect(usable(backend)).toBe(true);
    end();
    await setTimeout(0);
    expect(() => filledWith(backend, 1)).toThrow(/was lost: it was killed/);
  });

  it("before the start is not an error", () => {
    const { backend, pool } = threadedBackend(2, {
      host: {
        cores: 2,
        start: (start, ended) => {
          ended("no thread for you");
          // what a failed start leaves, without the ten seconds of waiting for one
          Atomics.store(start.control, places.state, states.asked);
        },
      },
    });
    expect(pool.available(1)).toBe(1);
    expect(usable(backend)).toBe(true);
  });
});

it("threads end without work, and start again with it", async () => {
  const { backend, pool } = threadedBackend(3, { idleMs: 50 });
  expect(usable(backend)).toBe(true);
  for (let i = 0; i < 200 && pool.available(1) > 1; i++) await setTimeout(20);
  expect(pool.available(1)).toBe(1);
  expect(usable(backend)).toBe(true);
  pool.waitForStart();
  expect(usable(backend)).toBe(true);
});

it("memory stays flat over 10,000 steps", () => {
  const { backend } = threadedBackend(2);
  const step = (i: number): void => {
    const [m, n, k] = [20 + (i % 3), 24, 10];
    const [a, b, out] = [backend.scratch(m * k), backend.scratch(k * n), backend.scratch(m * n)];
    backend.gemm(a, b, out, { m, n, k, transposeB: true });
    backend.endStep();
  };
  for (let i = 0; i < 21; i++) step(i);
  const before = backend.memory();
  for (let i = 0; i < 10_000; i++) step(i);
  expect(backend.memory()).toEqual(before);
});

describe("the number of threads", () => {
  it("is named, and 1 is a backend without shared memory", () => {
    expect(createWasmBackendSync({ threads: 1 }).engine).toBe("wasm");
    expect(createWasmBackendSync({ threads: 2 }).engine).toBe("wasm, 2 threads");
    const memoryOf = (threads: number): unknown => createWasmBackendSync({ threads }).scratch(1).view.buffer;
    expect(memoryOf(1)).toBeInstanceOf(ArrayBuffer);
    expect(memoryOf(2)).toBeInstanceOf(SharedArrayBuffer);
  });

  it("defaults to 1 in a worker thread of Node, because other threads use the other cores", () => {
    const builtin = process.getBuiltinModule.bind(process);
    const spy = vi.spyOn(process, "getBuiltinModule");
    const inside = (isMainThread: boolean): unknown => {
      spy.mockImplementation((name: string) => {
        if (name === "os") return { availableParallelism: () => 7 };
        return name === "worker_threads" ? { ...builtin(name), isMainThread } : undefined;
      });
      return wasmThreads();
    };
    try {
      expect(inside(true)).toEqual({ available: true, cores: 7 });
      expect(inside(false)).toEqual({ available: true, cores: 1 });
    } finally {
      spy.mockRestore();
    }
  });

  it("is 1 if memory cannot be shared, with the reason", () => {
    const spy = vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
    try {
      expect(wasmThreads()).toMatchObject({ available: false, reason: /isolated|workers/ });
      expect(createWasmBackendSync({ threads: 4 }).engine).toBe("wasm");
    } finally {
      spy.mockRestore();
    }
  });
});

it("threads do not keep the process alive", () => {
  const root = fileURLToPath(new URL("../../../../../", import.meta.url));
  const program = `
    const { Worker } = require("node:worker_threads");
    const control = new Int32Array(new SharedArrayBuffer(1024));
    const module = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    const start = ${JSON.stringify({ names: [], thread: 1, room: 0, idleMs: 600_000, states, places })};
    const worker = new Worker(${JSON.stringify(helperProgram('require("node:worker_threads").workerData'))},
      { eval: true, workerData: { ...start, module, control, numbers: new Float64Array(100) } });
    worker.unref();
    Atomics.wait(control, ${places.state}, ${states.starting}, 20000);
    console.log("state", control[${places.state}]);`;
  const { status, stdout } = spawnSync(process.execPath, ["-e", program], {
    cwd: root,
    encoding: "utf8",
    timeout: 60_000,
  });
  expect(stdout).toBe(`state ${states.idle}\n`);
  expect(status).toBe(0);
});
