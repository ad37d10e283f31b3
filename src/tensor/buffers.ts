/** Storage of floats: float32 in the wasm and native backends, float64 in the reference backend. */
export type FloatArray = Float32Array | Float64Array;

/**
 * Floats owned by a backend. `view` is valid only until the next allocation (memory may move): read it each
 * time, never keep it.
 */
export interface FloatBuffer {
  readonly size: number;
  readonly view: FloatArray;
}

/** 32-bit integers owned by a backend. `view` has the same rule. */
export interface IntBuffer {
  readonly size: number;
  readonly view: Int32Array;
}
