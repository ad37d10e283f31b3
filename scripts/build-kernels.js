// Compiles the AssemblyScript kernels and embeds them. Loading them then needs no file access and no network.
// There are two modules of the same sources: one for the default arithmetic, one with fused multiply-add.
import "./write-kernel-table.js";
import asc from "assemblyscript/asc";
import { writeFileSync } from "node:fs";

const root = new URL("..", import.meta.url).pathname;

/** Compiles kernels/index.ts with additional options, and writes the module as a source file. */
async function build(file, ...options) {
  let binary;
  const { error, stderr } = await asc.main(
    [
      "kernels/index.ts",
      "--outFile",
      "kernels.wasm",
      "--runtime",
      "stub",
      "--noAssert",
      "--enable",
      "simd",
      ...options,
      "--importMemory",
      "-O3",
      "--converge",
      "--initialMemory",
      "0",
      "--maximumMemory",
      "65536",
      "--baseDir",
      root,
    ],
    {
      writeFile: (name, contents) => {
        if (name.endsWith(".wasm")) binary = contents;
      },
    },
  );
  if (error || !binary) {
    console.error(stderr.toString());
    throw error ?? new Error("the compiler wrote no module");
  }
  writeFileSync(
    new URL(`../src/tensor/backends/wasm/${file}`, import.meta.url),
    "/** Made by scripts/build-kernels.js from kernels/. */\nexport const kernelModuleBase64: string =\n  " +
      `"${Buffer.from(binary).toString("base64")}";\n`,
  );
}

await build("kernels.generated.ts");
await build("fused-kernels.generated.ts", "--enable", "relaxed-simd");
