import { describe, expect, it } from "vitest";
import { generateSynthetic } from "../data/synthetic/generate.js";
import { createBackend } from "../predict/create-backend.js";
import { nativeStatus } from "../tensor/backends/native/index.js";
import type { TrainRequest } from "./train-request.js";
import { train } from "./train.js";

const status = nativeStatus();
if (!status.available) console.warn(`fast arithmetic is not tested: ${status.reason}`);

const { dataset } = generateSynthetic({ seed: 3, sizes: { train: 64, valid: 16, test: 16 } });
/** One step: one epoch of one batch. */
const request: TrainRequest = {
  model: { name: "euar", config: { hidden: 24, experts: { count: 4 } } },
  train: { seed: 7, epochs: 1, batchSize: 64, patience: 0 },
  backend: "native",
};

const weightsOf = (run: Awaited<ReturnType<typeof train>>): number[] =>
  run.model.network.parameters.all().flatMap(({ buffer }) => Array.from(buffer.view));

describe.skipIf(!status.available)("fast arithmetic", () => {
  it("is within 1e-5 of the default after one step, with other bits, and is named in the run", async () => {
    const exact = await train(request, dataset);
    const fast = await train({ ...request, arithmetic: "fast" }, dataset);
    const [a, b] = [weightsOf(exact), weightsOf(fast)];
    const largest = a.reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] ?? NaN))), 0);
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThan(1e-5);
    const [lossA, lossB] = [exact, fast].map((run) => run.history[0]?.train["total"] ?? NaN);
    expect(Math.abs((lossA ?? NaN) - (lossB ?? NaN))).toBeLessThan(1e-5);
    expect(exact.config.arithmetic).toBeUndefined();
    expect(fast.config.arithmetic).toBe("fast");
    expect(fast.hash).not.toBe(exact.hash);
    expect(fast.model.network.parameters.backend.engine).toContain("FMA");
  });

  it("a native run has the same hash as a run on wasm", async () => {
    const native = await train(request, dataset);
    const wasm = await train({ ...request, backend: "wasm" }, dataset);
    expect(native.hash).toBe(wasm.hash);
    expect(weightsOf(native)).toEqual(weightsOf(wasm));
  });
});

it.each(["wasm", "reference"] as const)("the %s backend refuses fast arithmetic", async (name) => {
  await expect(createBackend(name, { arithmetic: "fast" })).rejects.toThrow(/has no fast arithmetic/);
});
