import { setFlagsFromString } from "node:v8";
import { describe, expect, it } from "vitest";
import { generateSynthetic } from "../data/synthetic/generate.js";
import { createBackend } from "../predict/create-backend.js";
import { nativeStatus } from "../tensor/backends/native/index.js";
import { hasRelaxedSimd } from "../tensor/backends/wasm/relaxed-simd.js";
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

/** True if fast arithmetic is a feature of the engine itself. Node 20 has it behind a flag. */
const isBuiltIn = hasRelaxedSimd();

describe("fast arithmetic of wasm", () => {
  it.skipIf(isBuiltIn)("is refused by an engine without relaxed SIMD, which names the remedy", async () => {
    await expect(createBackend("wasm", { arithmetic: "fast" })).rejects.toMatchObject({
      code: "backend.unavailable",
      message: expect.stringContaining("relaxed SIMD") as string,
      hint: expect.stringContaining("Node 22") as string,
    });
  });

  it("has the same bits with any number of threads", async () => {
    setFlagsFromString("--experimental-wasm-relaxed-simd");
    const large: TrainRequest = {
      ...request,
      backend: "wasm",
      arithmetic: "fast",
      train: { ...request.train, epochs: 8 },
    };
    const one = await train({ ...large, threads: 1 }, dataset);
    const three = await train({ ...large, threads: 3 }, dataset);
    expect(weightsOf(three)).toEqual(weightsOf(one));
    expect(three.model.network.parameters.backend.engine).toBe("wasm, relaxed SIMD, 3 threads");
  });
});

describe.each([
  { backend: "native", name: "FMA", isHere: status.available },
  { backend: "wasm", name: "relaxed SIMD", isHere: true },
] as const)("fast arithmetic of $backend", ({ backend, name, isHere }) => {
  it.skipIf(!isHere)("is within 1e-5 of the default after one step, and named in the run", async () => {
    setFlagsFromString("--experimental-wasm-relaxed-simd");
    const exact = await train({ ...request, backend }, dataset);
    const fast = await train({ ...request, backend, arithmetic: "fast" }, dataset);
    const [a, b] = [weightsOf(exact), weightsOf(fast)];
    const largest = a.reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] ?? NaN))), 0);
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThan(1e-5);
    const [lossA, lossB] = [exact, fast].map((run) => run.history[0]?.train["total"] ?? NaN);
    expect(Math.abs((lossA ?? NaN) - (lossB ?? NaN))).toBeLessThan(1e-5);
    expect(exact.config.arithmetic).toBeUndefined();
    expect(fast.config.arithmetic).toBe("fast");
    expect(fast.hash).not.toBe(exact.hash);
    expect(fast.model.network.parameters.backend.engine).toContain(name);
  });
});

describe.skipIf(!status.available)("exact arithmetic", () => {
  it("of a native run has the hash and the bits of a run on wasm", async () => {
    const native = await train(request, dataset);
    const wasm = await train({ ...request, backend: "wasm" }, dataset);
    expect(native.hash).toBe(wasm.hash);
    expect(weightsOf(native)).toEqual(weightsOf(wasm));
  });
});

it("the reference backend refuses fast arithmetic", async () => {
  await expect(createBackend("reference", { arithmetic: "fast" })).rejects.toThrow(/has no fast arithmetic/);
});
