// Compiles the kernels together with their earlier versions (kernels/variants) and provides raw memory to
// call them with.
import asc from "assemblyscript/asc";

const root = new URL("../..", import.meta.url).pathname;

/**
 * @param {{ relaxed?: boolean }} options relaxed: with fused multiply-add, for an engine that supports
 * relaxed SIMD
 */
export async function compileVariants({ relaxed = false } = {}) {
  let binary;
  const { error, stderr } = await asc.main(
    [
      "kernels/variants/index.ts",
      "--outFile",
      "variants.wasm",
      "--runtime",
      "stub",
      "--noAssert",
      "--enable",
      "simd",
      ...(relaxed ? ["--enable", "relaxed-simd"] : []),
      "--importMemory",
      "-O3",
      "--converge",
      "--initialMemory",
      "0",
      "--baseDir",
      root,
    ],
    {
      writeFile: (name, contents) => {
        if (name.endsWith(".wasm")) binary = contents;
      },
    },
  );
  if (error || !binary) throw new Error(`the kernels did not compile:\n${stderr.toString()}`);
  return new WebAssembly.Module(binary);
}

/** Instance with its own memory and a bump allocator over it. */
export class Sandbox {
  constructor(module, megabytes) {
    const pages = megabytes * 16;
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.kernels = new WebAssembly.Instance(module, {
      env: { memory: this.memory, abort: () => {} },
    }).exports;
    const room = Math.ceil(this.kernels.heapBase() / 64) * 64;
    this.kernels.useRoom(room);
    this.top = Math.ceil((room + this.kernels.roomBytes()) / 4096) * 4096;
  }

  /** @returns {Float32Array} */
  floats(size) {
    return this.take(Float32Array, size);
  }

  /** @returns {Int32Array} */
  ints(size) {
    return this.take(Int32Array, size);
  }

  take(Type, size) {
    const view = new Type(this.memory.buffer, this.top, size);
    this.top += Math.ceil((size * 4) / 64) * 64 + 64;
    if (this.top > this.memory.buffer.byteLength) throw new Error("the sandbox is too small");
    return view;
  }
}
