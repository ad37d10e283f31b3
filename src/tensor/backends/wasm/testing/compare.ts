import { expect } from "vitest";
import { normalAt, randomKey } from "../../../../core/random.js";
import type { Backend, FloatBuffer, IntBuffer } from "../../../backend.js";
import { createReferenceBackend } from "../../reference/index.js";
import { createWasmBackendSync } from "../index.js";

/** Backend with helpers to write numbers into it. */
export class Bench {
  private streams = 0;

  constructor(
    readonly backend: Backend,
    private readonly seed: number,
  ) {}

  floats(values: ArrayLike<number>): FloatBuffer {
    const buffer = this.backend.scratch(values.length);
    buffer.view.set(values);
    return buffer;
  }

  ints(values: ArrayLike<number>): IntBuffer {
    const buffer = this.backend.scratchInts(values.length);
    buffer.view.set(values);
    return buffer;
  }

  zeros(size: number): FloatBuffer {
    return this.floats(new Float32Array(size));
  }

  /** Normal numbers, the same for every backend (float32 values). */
  random(size: number, scale = 1): FloatBuffer {
    return this.floats(this.randomValues(size, scale));
  }

  randomValues(size: number, scale = 1): Float32Array {
    const key = randomKey(this.seed, `stream ${String(this.streams++)}`);
    return Float32Array.from({ length: size }, (_, i) => scale * normalAt(key, i));
  }
}

export type Outputs = Readonly<Record<string, FloatBuffer | IntBuffer | number>>;

const reference = createReferenceBackend({ precision: "float32" });
const wasm = createWasmBackendSync();

function plain(outputs: Outputs): Map<string, number[]> {
  return new Map(
    Object.entries(outputs).map(([name, value]) => [
      name,
      typeof value === "number" ? [value] : Array.from(value.view.subarray(0, value.size)),
    ]),
  );
}

/** Returns the outputs of `run` on the wasm backend. */
export function onWasm(run: (bench: Bench) => Outputs, seed = 1): Map<string, number[]> {
  try {
    return plain(run(new Bench(wasm, seed)));
  } finally {
    wasm.endStep();
  }
}

/**
 * Runs the same kernel calls on both backends and expects each output to agree.
 *
 * |wasm - reference| <= tolerance * (scale + |reference|). `scale` is the largest finite magnitude of the
 * output if `relativeTo` is "largest" (sums), else each element's own.
 */
export function expectAgreement(
  run: (bench: Bench) => Outputs,
  options: { tolerance?: number; relativeTo?: "largest" | "element"; seed?: number } = {},
): void {
  const { tolerance = 2e-6, relativeTo = "largest", seed = 1 } = options;
  const actual = onWasm(run, seed);
  const expected = plain(run(new Bench(reference, seed)));
  reference.endStep();
  expect([...actual.keys()]).toEqual([...expected.keys()]);
  for (const [name, want] of expected) {
    const got = actual.get(name) ?? [];
    expect(got.length, `${name}: number of elements`).toBe(want.length);
    const finite = want.filter(Number.isFinite);
    const scale =
      relativeTo === "largest" ? finite.reduce((largest, x) => Math.max(largest, Math.abs(x)), 1e-30) : 1e-37;
    // The reference computes 1 + e^x in float64, which loses anything below 1e-16. The kernels keep such
    // tails.
    const floor = tolerance > 0 ? 1e-15 : 0;
    want.forEach((w, i) => {
      const g = got[i] ?? Infinity;
      const same = Object.is(w, g) || w === g || Math.abs(w - g) <= tolerance * (scale + Math.abs(w)) + floor;
      if (!same)
        expect.fail(
          `${name}[${String(i)}] of ${String(want.length)}: wasm ${String(g)}, reference ${String(w)}`,
        );
    });
  }
}
