import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { kernelTexts } from "../scripts/lib/kernel-texts.js";
import { Heap } from "../src/tensor/backends/wasm/heap.js";
import { loadKernelsSync } from "../src/tensor/backends/wasm/kernels.js";
import type { KernelFamily } from "../src/tensor/kernels/entry.js";
import { moves, value } from "../src/tensor/kernels/entry.js";
import * as table from "../src/tensor/kernels/families.js";
import { root } from "./run-euar.js";

const families: Readonly<Record<string, KernelFamily>> = table;

it("every generated file agrees with the table", async () => {
  const texts = await kernelTexts(families);
  const stale = [...texts].filter(([path, text]) => readFileSync(root + path, "utf8") !== text);
  expect(
    stale.map(([path]) => path),
    "run npm run build:kernels",
  ).toEqual([]);
});

it("the WebAssembly module has the kernels of the table, with as many numbers", () => {
  const exported = Object.entries<unknown>({ ...loadKernelsSync(new Heap()).kernels });
  const taken = exported.flatMap(([name, kernel]) =>
    typeof kernel === "function" ? [{ name, numbers: kernel.length }] : [],
  );
  const stated = Object.values(families).flatMap(({ kernels }) =>
    Object.entries(kernels).map(([name, entry]) => ({ name, numbers: Object.keys(entry.numbers).length })),
  );
  const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
  const others = [
    { name: "heapBase", numbers: 0 },
    { name: "roomBytes", numbers: 0 },
    { name: "useRoom", numbers: 1 },
  ];
  expect(taken.sort(byName)).toEqual([...stated, ...others].sort(byName));
});

const twice = {
  assembly: "twice",
  native: "twice::twice",
  blocks: { twice: "twice::twice_block" },
  numbers: { a: value(), count: value() },
};

it("a new family reaches every list through its line in the table", async () => {
  const family = { kernels: { twice }, constants: { rounding: { halfUp: 3 } } };
  const texts = await kernelTexts({ ...families, twice: family });
  const text = (path: string): string => texts.get(path) ?? "";
  expect(text("kernels/index.ts")).toContain('export { twice } from "../src/tensor/kernels/twice/twice.as"');
  expect(text("kernels/constants.ts")).toContain("export const ROUNDING_HALF_UP: i32 = 3;");
  expect(text("native/src/constants.rs")).toContain("pub const ROUNDING_HALF_UP: i32 = 3;");
  expect(text("native/src/kernels/mod.rs")).toContain(
    'Kernel { name: "twice", arity: 2, run: twice::twice },',
  );
  expect(text("native/src/blocks.rs")).toContain("twice: twice::twice_block;");
  expect(text("src/tensor/kernels/raw.ts")).toContain("readonly twice: (a: number, count: number) => void;");
  for (const list of ["contract", "reference", "wasm", "testing/cases"])
    expect(text(`src/tensor/kernels/${list}.ts`)).toContain("twice");
});

it("refuses a name that two kernels have, and a cost that depends on an unknown number", async () => {
  const again = { kernels: { softmax: twice } };
  await expect(kernelTexts({ ...families, again })).rejects.toThrow("two kernels have the name softmax");
  const unknown = { kernels: { twice: { ...twice, cost: moves("width") } } };
  await expect(kernelTexts({ unknown })).rejects.toThrow("the cost of twice depends on width");
});
