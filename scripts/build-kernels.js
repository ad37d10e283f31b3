// Compiles the AssemblyScript kernels and embeds them. Loading them then needs no file access and no network.
import "./write-kernel-table.js";
import asc from "assemblyscript/asc";
import { writeFileSync } from "node:fs";

const root = new URL("..", import.meta.url).pathname;
const entry = "kernels/index.ts";
let binary;
const { error, stderr } = await asc.main(
  [
    entry,
    "--outFile",
    "kernels.wasm",
    "--runtime",
    "stub",
    "--noAssert",
    "--enable",
    "simd",
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
  new URL("../src/tensor/backends/wasm/kernels.generated.ts", import.meta.url),
  "/** Made by scripts/build-kernels.js from kernels/. */\nexport const kernelModuleBase64: string =\n  " +
    `"${Buffer.from(binary).toString("base64")}";\n`,
);
