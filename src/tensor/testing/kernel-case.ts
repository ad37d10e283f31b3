import type { AdamSettings, Backend, FloatBuffer } from "../backend.js";
import { floats, normals } from "./kernel-inputs.js";

/** One use of a backend's kernels. Returns their outputs. */
export interface KernelCase {
  readonly name: string;
  readonly run: (backend: Backend) => readonly (FloatBuffer | number)[];
}

/** Values drawn once and used by every backend. */
const drawn = new Map<string, Float32Array>();

/** Scratch memory with normal values. The same name and count give the same values. */
export function input(backend: Backend, name: string, count: number): FloatBuffer {
  const key = `${name} ${count}`;
  const values = drawn.get(key) ?? Float32Array.from(normals(name, count));
  drawn.set(key, values);
  return floats(backend, values);
}

/** Common settings of Adam, with changes. */
export const adamSettings = (over: Partial<AdamSettings> = {}): AdamSettings => ({
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  decay: "decoupled",
  weightDecay: 0,
  gradientScale: 1,
  ...over,
});
