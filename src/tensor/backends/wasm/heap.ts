import { BackendError, EuarError } from "../../../core/errors.js";
import type { FloatBuffer, IntBuffer } from "../../backend.js";
import { type WasmMemory, webAssembly } from "./webassembly.js";

const PAGE = 65536;
/** Alignment of buffers: a cache line, in bytes. */
const ALIGNMENT = 64;
/**
 * Number of bytes that kernels may read past the end of a row. The memory always extends this far beyond its
 * last buffer.
 */
const SLACK = 64;
const MAXIMUM_PAGES = 65536;
const SCRATCH_CHUNK = 1 << 20;
const PERSISTENT_CHUNK = 1 << 18;

interface Chunk {
  readonly start: number;
  readonly bytes: number;
}

/** Chunks of memory, allocated from the front. */
class Region {
  private chunks: Chunk[] = [];
  private index = 0;
  private used = 0;

  constructor(
    private readonly allocate: (bytes: number) => number,
    private readonly chunkBytes: number,
  ) {}

  /** Allocates bytes at an address that is a multiple of ALIGNMENT. */
  take(bytes: number): number {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    for (; this.index < this.chunks.length; this.index++, this.used = 0) {
      const chunk = this.chunks[this.index];
      if (chunk && this.used + size <= chunk.bytes) {
        const address = chunk.start + this.used;
        this.used += size;
        return address;
      }
    }
    const chunkBytes = Math.max(this.chunkBytes, Math.ceil(size / PAGE) * PAGE);
    this.chunks.push({ start: this.allocate(chunkBytes), bytes: chunkBytes });
    return this.take(size);
  }

  /** Frees everything. Merges neighbouring chunks, so that the region never stays fragmented. */
  reset(): void {
    this.index = 0;
    this.used = 0;
    if (this.chunks.length < 2) return;
    const merged: Chunk[] = [];
    for (const chunk of this.chunks) {
      const last = merged.at(-1);
      if (last && last.start + last.bytes === chunk.start)
        merged[merged.length - 1] = { start: last.start, bytes: last.bytes + chunk.bytes };
      else merged.push(chunk);
    }
    this.chunks = merged;
  }

  get bytes(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  }
}

/** Buffer in the heap. It cannot be used after its step. */
abstract class HeapBuffer<View> {
  private cached: View | undefined = undefined;
  private cachedGrowth = -1;
  private readonly step: number;

  constructor(
    protected readonly heap: Heap,
    private readonly start: number,
    readonly size: number,
    scratch: boolean,
  ) {
    this.step = scratch ? heap.step : -1;
  }

  protected abstract makeView(address: number): View;

  get address(): number {
    if (this.step >= 0 && this.step !== this.heap.step) {
      throw new EuarError("internal", "a scratch buffer was used after the end of its step", {
        hint: "Copy values that you need after the step (Tensor.toArray) before endStep().",
      });
    }
    return this.start;
  }

  get view(): View {
    const address = this.address;
    if (this.cached === undefined || this.cachedGrowth !== this.heap.growth) {
      this.cached = this.makeView(address);
      this.cachedGrowth = this.heap.growth;
    }
    return this.cached;
  }
}

class HeapFloats extends HeapBuffer<Float32Array> implements FloatBuffer {
  protected makeView(address: number): Float32Array {
    return new Float32Array(this.heap.arrayBuffer, address, this.size);
  }
}

class HeapInts extends HeapBuffer<Int32Array> implements IntBuffer {
  protected makeView(address: number): Int32Array {
    return new Int32Array(this.heap.arrayBuffer, address, this.size);
  }
}

/**
 * A WebAssembly memory. It holds the kernels' own data, then chunks for persistent buffers, for the step's
 * arena and for work space, in order of allocation.
 */
export class Heap {
  readonly memory: WasmMemory;
  /** Number of times that the memory grew. Earlier views are invalid. */
  growth = 0;
  /** Number of the step. */
  step = 0;
  private top = PAGE;
  /** Cached `memory.buffer`, which is a slow call that every view needs. */
  private currentBuffer: ArrayBuffer | SharedArrayBuffer | undefined;
  private readonly persistentRegion = new Region((bytes) => this.allocate(bytes), PERSISTENT_CHUNK);
  private readonly scratchRegion = new Region((bytes) => this.allocate(bytes), SCRATCH_CHUNK);
  /** Work space of each thread; that of the calling one comes first. */
  private readonly works: Chunk[] = [];
  /** Number of floats of the last call of `work`. */
  lastWork = 0;

  /**
   * @param maximumPages limit of the memory in pages of 64 KiB; tests of memory exhaustion lower it
   * @param shared whether other threads can work on the memory
   */
  constructor(
    private readonly maximumPages = MAXIMUM_PAGES,
    readonly shared = false,
  ) {
    const { Memory } = webAssembly();
    try {
      this.memory = new Memory({ initial: 2, maximum: maximumPages, ...(shared && { shared }) });
    } catch (cause) {
      throw outOfMemory(2 * PAGE, 0, cause);
    }
  }

  /** Reserves space for the kernels' own data below the first chunk. */
  reserve(kernelBytes: number): void {
    this.top = Math.ceil(kernelBytes / PAGE) * PAGE;
    this.ensure(this.top + SLACK);
  }

  get arrayBuffer(): ArrayBuffer | SharedArrayBuffer {
    return (this.currentBuffer ??= this.memory.buffer);
  }

  persistent(size: number): FloatBuffer {
    return new HeapFloats(this, this.persistentRegion.take(4 * requireSize(size)), size, false);
  }

  scratch(size: number): FloatBuffer {
    return new HeapFloats(this, this.scratchRegion.take(4 * requireSize(size)), size, true);
  }

  scratchInts(size: number): IntBuffer {
    return new HeapInts(this, this.scratchRegion.take(4 * requireSize(size)), size, true);
  }

  endStep(): void {
    this.step += 1;
    this.scratchRegion.reset();
  }

  usage(): { persistentBytes: number; scratchBytes: number } {
    return {
      persistentBytes: this.persistentRegion.bytes,
      scratchBytes: this.scratchRegion.bytes + this.works.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  /** Returns work space for one kernel call. It is valid until the next call of `work`. */
  work(floats: number): number {
    this.lastWork = floats;
    return this.workOf(0, floats);
  }

  /** Returns work space of another thread for one kernel call. */
  workOf(thread: number, floats: number): number {
    const { start, bytes: held } = this.works[thread] ?? { start: 0, bytes: 0 };
    const bytes = 4 * floats;
    if (bytes <= held) return start;
    const wanted = Math.ceil(Math.max(bytes, 2 * held, SCRATCH_CHUNK / 4) / PAGE) * PAGE;
    const work = { start: this.allocate(wanted), bytes: wanted };
    this.works[thread] = work;
    return work.start;
  }

  /** Allocates memory that is never freed, e.g. for an instance of the kernels. */
  reserved(bytes: number): number {
    return this.persistentRegion.take(bytes);
  }

  /** Allocates new pages, which are zero-filled. */
  private allocate(bytes: number): number {
    const address = this.top;
    this.ensure(address + bytes + SLACK);
    this.top = address + bytes;
    return address;
  }

  private ensure(bytes: number): void {
    const held = this.memory.buffer.byteLength;
    if (bytes <= held) return;
    // growing by half keeps the number of growths (and of invalid views) small
    const needed = Math.ceil((bytes - held) / PAGE);
    const generous = Math.min(Math.max(needed, Math.ceil(held / PAGE / 2)), this.maximumPages - held / PAGE);
    if (!this.tryGrow(Math.max(needed, generous)) && !this.tryGrow(needed))
      throw outOfMemory(bytes, held, undefined);
    this.growth += 1;
    this.currentBuffer = undefined;
  }

  private tryGrow(pages: number): boolean {
    try {
      this.memory.grow(pages);
      return true;
    } catch (cause) {
      if (cause instanceof RangeError) return false;
      throw cause;
    }
  }
}

/**
 * Returns the address of a buffer and checks that it has at least `elements` elements. Kernels do not check
 * bounds.
 */
export function address(buffer: FloatBuffer | IntBuffer, elements: number): number {
  if (!(buffer instanceof HeapBuffer))
    throw new EuarError("internal", "the wasm backend got a buffer of another backend");
  if (buffer.size < elements) {
    throw new EuarError("internal", `a kernel got a buffer of ${buffer.size} elements but needs ${elements}`);
  }
  return buffer.address;
}

function requireSize(size: number): number {
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw new EuarError(
    "internal",
    `cannot allocate a buffer of ${size} elements: the size must be a non-negative integer`,
  );
}

function outOfMemory(wanted: number, held: number, cause: unknown): BackendError {
  const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 1048576)} MiB`;
  return new BackendError(
    "backend.out-of-memory",
    `the wasm backend cannot grow its memory from ${mebibytes(held)} to ${mebibytes(wanted)}`,
    {
      cause,
      hint: "Use a smaller batch or a smaller model; WebAssembly addresses at most 4 GiB.",
    },
  );
}
