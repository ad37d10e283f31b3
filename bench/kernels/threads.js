// node bench/kernels/threads.js [--threads N] [--backend native]: finds the size from which several threads
// are faster. Prints the time of products of growing size on one thread and on N (microseconds), and their
// ratio. Compares the results before timing. The thresholds of the pools (native/src/pool.rs and
// src/tensor/backends/wasm/threads/kernels.ts) are based on it.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { createNativeBackend, createWasmBackend, nativeStatus, wasmThreads } from "euar/tensor";

const { values } = parseArgs({
  options: { threads: { type: "string" }, backend: { type: "string", default: "wasm" } },
});
const threads = Number(values.threads ?? availableParallelism());
const native = values.backend === "native";
const status = native ? nativeStatus() : wasmThreads();
if (!status.available) {
  console.log(`skipped: ${status.reason}`);
  process.exit(0);
}

const create = native ? createNativeBackend : createWasmBackend;
const backends = await Promise.all([1, threads].map((count) => create({ threads: count })));
// A pool starts its threads after a while of work that they could share.
const warm = makeRun(backends[1], 512);
for (const start = performance.now(); performance.now() - start < 1000;) warm();
console.log(`product of n x n by n x n, microseconds: one thread, ${threads} threads, ratio`);
for (const n of [32, 48, 64, 96, 128, 160, 192, 256, 384, 512]) {
  const runs = backends.map((backend) => makeRun(backend, n));
  const [one, several] = runs.map((run) => run());
  if (one.some((value, i) => value !== several[i])) throw new Error(`n ${n}: the results differ`);
  const times = [[], []];
  const repeats = Math.max(1, Math.round(2e6 / n ** 3));
  for (let i = 0; i < 40; i++) runs.forEach((run, which) => times[which].push(timed(run, repeats)));
  const [alone, together] = times.map((list) => list.sort((a, b) => a - b)[list.length >> 2]);
  const cells = [alone, together].map((time) => time.toFixed(1).padStart(9));
  console.log(`n ${String(n).padStart(4)} ${cells.join(" ")} ${(alone / together).toFixed(2).padStart(6)}`);
}

function makeRun(backend, n) {
  const buffers = [0, 1, 2].map(() => backend.persistent(n * n));
  const [a, b, out] = buffers;
  for (let i = 0; i < n * n; i++) {
    a.view[i] = Math.sin(i);
    b.view[i] = Math.cos(3 * i);
  }
  return () => {
    backend.gemm(a, b, out, { m: n, n, k: n });
    return out.view;
  };
}

function timed(run, repeats) {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) run();
  return ((performance.now() - start) * 1000) / repeats;
}
