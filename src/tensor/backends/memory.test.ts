import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { BackendError } from "../../core/errors.js";
import { randomKey } from "../../core/random.js";
import type { AdamSettings, AdamState, Backend } from "../backend.js";
import { dropout } from "../ops/dropout.js";
import { layerNorm } from "../ops/layer-norm.js";
import { linear } from "../ops/linear.js";
import { mse } from "../ops/losses.js";
import { relu } from "../ops/unary.js";
import { Tape } from "../tape.js";
import { Parameter, type Shape, sizeOf } from "../tensor.js";
import { testBackends } from "../testing/backends.js";
import { dispatchOf, filled, floats, normals, read } from "../testing/kernel-inputs.js";
import { createReferenceBackend } from "./reference/index.js";
import { createWasmBackendSync } from "./wasm/index.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
setFlagsFromString("--no-expose-gc");

const settings: AdamSettings = {
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  decay: "l2",
  weightDecay: 0,
  gradientScale: 1,
};

/** Two-layer network with layer norm and dropout, and everything to train it. */
function createTrainer(backend: Backend): (step: number) => number {
  const trained = (name: string, shape: Shape, fill?: number): { parameter: Parameter; state: AdamState } => {
    const size = sizeOf(shape);
    const state = {
      weight: backend.persistent(size),
      firstMoment: backend.persistent(size),
      secondMoment: backend.persistent(size),
    };
    state.weight.view.set(
      fill === undefined ? normals(name, size).map((v) => 0.3 * v) : new Array<number>(size).fill(fill),
    );
    return { parameter: new Parameter(name, shape, state.weight, 1, true), state };
  };
  const w1 = trained("w1", [5, 8]);
  const b1 = trained("b1", [8], 0);
  const gain = trained("gain", [8], 1);
  const bias = trained("bias", [8], 0);
  const w2 = trained("w2", [8, 1]);
  const all = [w1, b1, gain, bias, w2];
  const counts = backend.persistent(1); // not used by the step: shows that persistent memory stays
  counts.view[0] = 77;

  return (step) => {
    const batch = step % 7 === 6 ? 3 : 4; // the last batch of an epoch is smaller
    const tape = new Tape(backend);
    const leaf = ({ parameter }: { parameter: Parameter }): ReturnType<Tape["parameter"]> =>
      tape.parameter(parameter);
    const inputs = normals("inputs", 20).slice(0, batch * 5);
    const x = tape.constant(inputs, [batch, 5]);
    const hidden = relu(tape, layerNorm(tape, linear(tape, x, leaf(w1), leaf(b1)), leaf(gain), leaf(bias)));
    const kept = dropout(tape, hidden, 0.1, {
      key: randomKey(1, "drop"),
      step,
      sampleIndex: [0, 1, 2, 3].slice(0, batch),
    });
    const target = tape.constant(
      Array.from({ length: batch }, (_, i) => Math.sign(inputs[5 * i] ?? 0)),
      [batch, 1],
    );
    const loss = mse(tape, linear(tape, kept, leaf(w2)), target);
    tape.backward(loss);
    for (const { parameter, state } of all) {
      const gradient = parameter.gradient;
      if (!gradient || gradient.kind === "rows")
        throw new Error(`${parameter.name}: no gradient of a weight`);
      if (gradient.kind === "dense") {
        backend.adam(state, gradient.buffer, 0, parameter.size, step + 1, settings);
        continue;
      }
      const steps = backend.scratchInts(1);
      steps.view[0] = step;
      backend.adamGrouped(
        state,
        gradient.x,
        gradient.dout,
        gradient.dispatch,
        gradient.inputs,
        gradient.outputs,
        steps,
        settings,
      );
    }
    const value = loss.item();
    backend.endStep();
    if (counts.view[0] !== 77) throw new Error("a step wrote into persistent memory");
    return value;
  };
}

describe.each([
  { name: "reference", create: () => createReferenceBackend() },
  { name: "wasm", create: () => createWasmBackendSync() },
])("resident memory on $name", ({ create }) => {
  it("stays flat over 10,000 training steps", () => {
    const backend = create();
    const train = createTrainer(backend);
    const first = train(0);
    for (let step = 1; step < 2000; step++) train(step);
    const held = backend.memory();
    collectGarbage();
    const before = process.memoryUsage();
    let last = NaN;
    for (let step = 2000; step < 12_000; step++) last = train(step);
    collectGarbage();
    const after = process.memoryUsage();

    expect(backend.memory()).toEqual(held);
    expect(
      (after.heapUsed +
        after.arrayBuffers +
        after.external -
        before.heapUsed -
        before.arrayBuffers -
        before.external) /
        1e6,
    ).toBeLessThan(2);
    expect((after.rss - before.rss) / 1e6).toBeLessThan(24);
    expect(last).toBeLessThan(first); // it did train
  });
});

describe.each(testBackends)("memory of $name", ({ create }) => {
  it("reports its memory, and keeps scratch capacity between steps", () => {
    const backend = create();
    const start = backend.memory();
    backend.persistent(1000);
    expect(backend.memory().persistentBytes - start.persistentBytes).toBeGreaterThanOrEqual(4000);
    backend.scratch(500_000);
    const grown = backend.memory().scratchBytes;
    expect(grown).toBeGreaterThanOrEqual(2_000_000);
    for (let step = 0; step < 20; step++) {
      backend.endStep();
      backend.scratch(500_000);
      backend.scratchInts(7);
      backend.scratch(0);
    }
    expect(backend.memory().scratchBytes).toBeLessThan(2.5 * grown);
    const settled = backend.memory();
    for (let step = 0; step < 20; step++) {
      backend.endStep();
      backend.scratch(500_000);
    }
    expect(backend.memory()).toEqual(settled);
  });

  it("keeps values while memory grows under them", () => {
    const backend = create();
    const kept = backend.persistent(3);
    kept.view.set([1, 2, 3]);
    const early = floats(backend, [4, 5, 6]);
    const dispatch = dispatchOf(backend, [[1], [0]], 2);
    for (let size = 1; size < 4_000_000; size *= 3) filled(backend, size, 9);
    backend.persistent(1_000_000);
    expect(read(early)).toEqual([4, 5, 6]);
    expect(read(dispatch.rows)).toEqual([1, 0]);
    expect(read(kept)).toEqual([1, 2, 3]);
    backend.endStep();
    filled(backend, 4_000_000, 9);
    expect(read(kept)).toEqual([1, 2, 3]);
  });

  it("hands out zeros for persistent buffers and disjoint buffers for scratch", () => {
    const backend = create();
    filled(backend, 1000, 5);
    backend.endStep();
    expect(read(backend.persistent(1000)).every((v) => v === 0)).toBe(true);
    const buffers = Array.from({ length: 50 }, (_, i) => filled(backend, i % 7, i));
    buffers.forEach((buffer, i) => {
      expect(read(buffer)).toEqual(new Array(i % 7).fill(i));
    });
  });

  it("says so when memory runs out", () => {
    const backend = create();
    expect(() => backend.scratch(2 ** 45)).toThrow(BackendError);
    expect(() => backend.persistent(2 ** 45)).toThrow(/memory/);
    expect(read(filled(backend, 3, 1))).toEqual([1, 1, 1]); // and continues
  });
});

describe("the reference backend", () => {
  it("refuses a scratch buffer of an earlier step, a wrong size, and a read outside a buffer", () => {
    const backend = createReferenceBackend();
    const stale = backend.scratch(3);
    backend.endStep();
    expect(() => stale.view).toThrow(/after the end of its step/);
    expect(() => backend.scratch(-1)).toThrow(/non-negative integer/);
    expect(() => backend.scratch(1.5)).toThrow(/non-negative integer/);
    expect(() => {
      backend.binary("add", filled(backend, 3), filled(backend, 2), filled(backend, 3));
    }).toThrow(/element 2 of an array of 2/);
  });

  it("poisons uninitialised memory with `poison`", () => {
    const backend = createReferenceBackend({ poison: true });
    filled(backend, 4, 1);
    backend.endStep();
    expect(read(backend.scratch(4))).toEqual([NaN, NaN, NaN, NaN]);
  });
});
