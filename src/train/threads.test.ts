import { expect, it, vi } from "vitest";
import { generateSynthetic } from "../data/synthetic/generate.js";
import { createWasmBackendSync } from "../tensor/backends/wasm/index.js";
import { threadedBackend } from "../tensor/backends/wasm/threads/testing/threaded-backend.js";
import type { TrainRequest } from "./train-request.js";
import { train } from "./train.js";

/** Backends by the number of threads of a request; several threads share even the smallest calls. */
vi.mock("../predict/create-backend.js", () => ({
  backendNames: ["wasm"],
  createBackend: (_name: string, { threads = 1 }: { readonly threads?: number }) =>
    Promise.resolve(threads === 1 ? createWasmBackendSync({ threads: 1 }) : threadedBackend(threads).backend),
}));

const { dataset } = generateSynthetic({ seed: 5, sizes: { train: 96, valid: 24, test: 24 } });
const request: TrainRequest = {
  model: { name: "euar", config: { hidden: 24, experts: { count: 5 } } },
  train: { seed: 7, epochs: 2, batchSize: 32, patience: 0, clipNorm: 0.5 },
  backend: "wasm",
};

it("a run has the same weights, history and metrics with 1, 2 and 3 threads", async () => {
  const [one, ...others] = await Promise.all(
    [1, 2, 3].map(async (threads) => {
      const run = await train({ ...request, threads }, dataset);
      const parameters = run.model.network.parameters.all();
      return {
        weights: parameters.map(({ buffer }) => Array.from(buffer.view.subarray(0, buffer.size))),
        history: run.history.map(({ train: losses, valid }) => ({ losses, valid })),
        metrics: run.metrics,
        hash: run.hash,
      };
    }),
  );
  expect(others).toEqual([one, one]);
});
