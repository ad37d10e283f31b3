import { normalAt, randomKey } from "../../core/random.js";
import { type Backend, type Dispatch, type FloatBuffer, type IntBuffer, writeKeys } from "../backend.js";

/** Scratch memory of `backend` with `values`. */
export function floats(backend: Backend, values: ArrayLike<number>): FloatBuffer {
  const buffer = backend.scratch(values.length);
  buffer.view.set(values);
  return buffer;
}

export function ints(backend: Backend, values: ArrayLike<number>): IntBuffer {
  const buffer = backend.scratchInts(values.length);
  buffer.view.set(values);
  return buffer;
}

/** Scratch memory filled with one value. */
export function filled(backend: Backend, size: number, value = 0): FloatBuffer {
  return floats(backend, new Float64Array(size).fill(value));
}

export function read(buffer: FloatBuffer | IntBuffer): number[] {
  return Array.from(buffer.view.subarray(0, buffer.size));
}

/** Normal values that float32 represents exactly. The same name gives the same values. */
export function normals(name: string, count: number): number[] {
  const key = randomKey(1, name);
  return Array.from({ length: count }, (_, i) => Math.fround(normalAt(key, i)));
}

/** `count` random keys. */
export function keyBuffer(backend: Backend, name: string, count: number): IntBuffer {
  const keys = backend.scratchInts(2 * count);
  writeKeys(
    Array.from({ length: count }, (_, i) => randomKey(i, name)),
    keys,
  );
  return keys;
}

/**
 * Dispatch of `selection` [B][S]. An empty row is an absent sample.
 * @param experts number of experts, N
 */
export function dispatchOf(
  backend: Backend,
  selection: readonly (readonly number[])[],
  experts: number,
): Dispatch {
  const rows = selection.length;
  const slots = Math.max(1, ...selection.map((chosen) => chosen.length));
  const indices = ints(
    backend,
    selection.flatMap((chosen) => (chosen.length === 0 ? new Array<number>(slots).fill(0) : chosen)),
  );
  const present = ints(
    backend,
    selection.map((chosen) => (chosen.length === 0 ? 0 : 1)),
  );
  const sorted = {
    experts,
    offsets: backend.scratchInts(experts + 1),
    rows: backend.scratchInts(rows * slots),
    slots: backend.scratchInts(rows * slots),
    pairOf: backend.scratchInts(rows * slots),
  };
  return { ...sorted, pairs: backend.dispatch({ indices, present, rows, slots }, sorted) };
}
