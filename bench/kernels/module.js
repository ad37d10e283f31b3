// Compiles the kernels together with their earlier versions (kernels/variants) and hands out raw memory to call them with.
import asc from "assemblyscript/asc";

const root = new URL("../..", import.meta.url).pathname;

export async function compileVariants() {
  let binary;
  const { error, stderr } = await asc.main(
    ["kernels/variants/index.ts", "--outFile", "variants.wasm", "--runtime", "stub", "--noAssert", "--enable", "simd", "--importMemory", "-O3", "--converge", "--initialMemory", "0", "--baseDir", root],
    {
      writeFile: (name, contents) => {
        if (name.endsWith(".wasm")) binary = contents;
      },
    },
  );
  if (error || !binary) throw new Error(`the kernels did not compile:\n${stderr.toString()}`);
  return new WebAssembly.Module(binary);
}

/** An instance with its own memory and a bump allocator over it. */
export class Sandbox {
  constructor(module, megabytes) {
    const pages = megabytes * 16;
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.kernels = new WebAssembly.Instance(module, { env: { memory: this.memory, abort: () => {} } }).exports;
    this.top = Math.ceil(this.kernels.heapBase() / 4096) * 4096;
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
