import { BackendError, EuarError } from "../../../core/errors.js";
import type { Backend, FloatArray, FloatBuffer, IntBuffer } from "../../backend.js";

const BLOCK_ELEMENTS = 1 << 16;

type FloatConstructor = Float32ArrayConstructor | Float64ArrayConstructor;

/** Arena of typed blocks. Allocates from the front and frees everything at once. */
class Arena<View extends FloatArray | Int32Array> {
  private readonly blocks: View[] = [];
  private block = 0;
  private used = 0;
  /** Number of the step. Buffers of earlier steps are invalid. */
  generation = 0;

  constructor(private readonly create: (size: number) => View) {}

  take(size: number): View {
    for (;;) {
      const current = this.blocks[this.block];
      if (!current) {
        this.blocks.push(this.create(Math.max(size, BLOCK_ELEMENTS)));
      } else if (this.used + size <= current.length) {
        const view = current.subarray(this.used, this.used + size) as View;
        this.used += size;
        return view;
      } else if (this.used === 0) {
        // an unused block that is too small is replaced by a larger one
        this.blocks[this.block] = this.create(size);
      } else {
        this.block += 1;
        this.used = 0;
      }
    }
  }

  reset(): void {
    this.block = 0;
    this.used = 0;
    this.generation += 1;
  }

  fill(value: number): void {
    for (const block of this.blocks) block.fill(value);
  }

  get bytes(): number {
    return this.blocks.reduce((sum, block) => sum + block.byteLength, 0);
  }
}

/** Scratch buffer that checks that its step is still running. */
class ScratchBuffer<View extends FloatArray | Int32Array> {
  private readonly generation: number;
  readonly size: number;

  constructor(
    private readonly arena: Arena<View>,
    private readonly values: View,
  ) {
    this.generation = arena.generation;
    this.size = values.length;
  }

  get view(): View {
    if (this.generation !== this.arena.generation) {
      throw new EuarError("internal", "a scratch buffer was used after the end of its step", {
        hint: "Copy values that you need after the step (Tensor.toArray) before endStep().",
      });
    }
    return this.values;
  }
}

export type Memory = Pick<Backend, "persistent" | "scratch" | "scratchInts" | "endStep" | "memory">;

/**
 * Creates the memory of a reference backend.
 *
 * @param poison fill freed scratch memory with NaN, so that tests detect a kernel that reads uninitialised
 * memory
 */
export function createMemory(precision: "float32" | "float64", poison: boolean): Memory {
  const Floats: FloatConstructor = precision === "float32" ? Float32Array : Float64Array;
  const floats = new Arena<FloatArray>((size) => (poison ? new Floats(size).fill(NaN) : new Floats(size)));
  const ints = new Arena<Int32Array>((size) => new Int32Array(size));
  let persistentBytes = 0;

  return {
    persistent(size: number): FloatBuffer {
      const view = allocate(() => new Floats(requireSize(size)), size);
      persistentBytes += view.byteLength;
      return { size, view };
    },
    scratch: (size: number): FloatBuffer =>
      new ScratchBuffer(
        floats,
        allocate(() => floats.take(requireSize(size)), size),
      ),
    scratchInts: (size: number): IntBuffer =>
      new ScratchBuffer(
        ints,
        allocate(() => ints.take(requireSize(size)), size),
      ),
    endStep(): void {
      if (poison) floats.fill(NaN);
      floats.reset();
      ints.reset();
    },
    memory: () => ({ persistentBytes, scratchBytes: floats.bytes + ints.bytes }),
  };
}

function requireSize(size: number): number {
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw new EuarError(
    "internal",
    `cannot allocate a buffer of ${size} elements: the size must be a non-negative integer`,
  );
}

function allocate<T>(create: () => T, size: number): T {
  try {
    return create();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new BackendError("backend.out-of-memory", `no memory for a buffer of ${size} elements`, {
      cause,
      hint: "Use a smaller batch or a smaller model.",
    });
  }
}
