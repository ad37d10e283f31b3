// Writes what follows from the kernel table: the exports and constants of the AssemblyScript and Rust
// modules, and the calls in TypeScript. `npm run build:kernels` and `npm run build:native` run it first.
import { build } from "esbuild";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { kernelTexts } from "./lib/kernel-texts.js";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Writes the files that differ from the table. */
async function writeKernelTable() {
  const { outputFiles } = await build({
    entryPoints: [`${root}src/tensor/kernels/families.ts`],
    bundle: true,
    write: false,
    format: "esm",
  });
  const code = Buffer.from(outputFiles[0].contents).toString("base64");
  const families = await import(`data:text/javascript;base64,${code}`);
  for (const [path, text] of await kernelTexts(families)) {
    if (existsSync(root + path) && readFileSync(root + path, "utf8") === text) continue;
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, text);
    console.log(`written: ${path}`);
  }
}

await writeKernelTable();
