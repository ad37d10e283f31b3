// Texts that follow from the kernel table (src/tensor/kernels/families.ts). scripts/write-kernel-table.js
// writes them, and a test compares them with the files.
import { format } from "prettier";

const folder = "src/tensor/kernels/";
const notice = "// Written by scripts/write-kernel-table.js from src/tensor/kernels/. Do not edit.\n";
const style = { parser: "typescript", printWidth: 110 };

/**
 * @param {Record<string, import("../../src/tensor/kernels/entry.js").KernelFamily>} families
 * @returns {Promise<Map<string, string>>} text by path from the root of the project
 */
export async function kernelTexts(families) {
  const all = Object.entries(families).sort(([a], [b]) => (a < b ? -1 : 1));
  const entries = all.flatMap(([name, { kernels }]) =>
    Object.entries(kernels).map(([kernel, entry]) => ({ ...entry, family: name, kernel })),
  );
  requireSound(entries);
  const texts = new Map([
    ["kernels/index.ts", await format(notice + assemblyIndex(entries), style)],
    ["kernels/constants.ts", assemblyConstants(all)],
    ["native/src/constants.rs", rustConstants(all)],
    ["native/src/kernels/mod.rs", rustKernels(all, entries)],
    ["native/src/blocks.rs", rustBlocks(entries)],
  ]);
  const names = all.map(([name]) => name);
  const typescript = new Map([
    [`${folder}raw.ts`, rawKernels(entries)],
    [`${folder}contract.ts`, contract(names)],
    [`${folder}reference.ts`, reference(names)],
    [`${folder}wasm.ts`, wasm(names)],
    [`${folder}testing/cases.ts`, cases(names)],
  ]);
  for (const [name, family] of all) {
    const text = calls(name, family);
    if (text) typescript.set(`${folder}${name}/calls.ts`, text);
  }
  for (const [path, text] of typescript) texts.set(path, await format(notice + text, style));
  return texts;
}

/**
 * Refuses a name that two kernels have, and a cost that depends on a number that the kernel does not take.
 */
function requireSound(entries) {
  const seen = new Set();
  for (const { kernel, numbers, cost } of entries) {
    if (seen.has(kernel)) throw new Error(`two kernels have the name ${kernel}`);
    seen.add(kernel);
    const unknown = cost?.factors.find((factor) => !Object.hasOwn(numbers, factor));
    if (unknown !== undefined)
      throw new Error(`the cost of ${kernel} depends on ${unknown}, which it does not take`);
  }
}

const capital = (name) => name[0].toUpperCase() + name.slice(1);
const contractOf = (family) => `${capital(family)}Kernels`;
const constantCase = (name) => name.replace(/[A-Z]/g, "_$&").toUpperCase();
const groupBy = (items, key) => {
  const groups = new Map();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
};

// --- TypeScript

function rawKernels(entries) {
  const members = entries.map(({ kernel, numbers, returns }) => {
    const parameters = Object.keys(numbers).map((name) => `${name}: number`);
    return `readonly ${kernel}: (${parameters.join(", ")}) => ${returns ? "number" : "void"};`;
  });
  return `
/**
 * Exports of the WebAssembly module. Arguments and results are numbers: addresses in bytes, sizes in
 * elements, flags as 0 and 1.
 */
export interface RawKernels {
  /** First address after the kernels' own data. */
  readonly heapBase: () => number;
  /** Sets the work space of this instance, \`roomBytes()\` bytes. Kernels need it. */
  readonly useRoom: (address: number) => void;
  readonly roomBytes: () => number;
  ${members.join("\n")}
}`;
}

function contract(names) {
  return `
${names.map((name) => `import type { ${contractOf(name)} } from "./${name}/contract.js";`).join("\n")}

/** Kernels of all families. */
export interface KernelContract extends ${names.map(contractOf).join(", ")} {}`;
}

function reference(names) {
  return `
import type { KernelContract } from "./contract.js";
${names.map((name) => `import { reference as ${name} } from "./${name}/reference.js";`).join("\n")}

/** Definition of all kernels in plain loops. */
export const reference: KernelContract = { ${names.map((name) => `...${name}`).join(", ")} };`;
}

function wasm(names) {
  return `
import type { KernelContract } from "./contract.js";
${names.map((name) => `import { wasm as ${name} } from "./${name}/wasm.js";`).join("\n")}
import type { WasmParts } from "./wasm-parts.js";

/** All kernels on the memory of the WebAssembly backend. */
export function wasm(parts: WasmParts): KernelContract {
  return { ${names.map((name) => `...${name}(parts)`).join(", ")} };
}`;
}

function cases(names) {
  return `
import type { KernelCase } from "../../testing/kernel-case.js";
${names.map((name) => `import { cases as ${name} } from "../${name}/testing/cases.js";`).join("\n")}

/** Uses of every kernel of a backend, at odd sizes and at sizes that several threads share. */
export const kernelCases: readonly KernelCase[] = [${names.map((name) => `...${name}()`).join(", ")}];`;
}

/** One function with the methods that are one call of a kernel, or undefined if the family has none. */
function calls(name, { kernels, uses = {} }) {
  const entries = Object.entries(kernels);
  const methods = entries.filter(([, { method }]) => method !== undefined);
  if (methods.length === 0) return undefined;
  const bodies = methods.map(([kernel, entry]) => `${kernel}(${entry.method}) {${call(kernel, entry)}},`);
  const body = bodies.join("\n\n");
  const helpers = entries.flatMap(([kernel, entry]) => {
    if (entry.helper === undefined) return [];
    const text = call(kernel, entry);
    return [`function ${kernel}({ ${partsIn(text)} }: WasmParts, ${entry.helper}): void {${text}}`];
  });
  const used = {
    "../../backends/wasm/heap.js": ["address"],
    "../wasm-parts.js": ["type WasmParts"],
    ...uses,
  };
  used["./contract.js"] = [`type ${contractOf(name)}`, ...(uses["./contract.js"] ?? [])];
  const names = methods.map(([kernel]) => `"${kernel}"`).join(" | ");
  return `
${Object.entries(used).map(importOf).join("\n")}

${helpers.join("\n\n")}

/** Methods that are one call of a kernel. */
export function calls(parts: WasmParts): Pick<${contractOf(name)}, ${names}> {
  const { ${partsIn(body)} } = parts;
  return {
${body}
  };
}`;
}

function importOf([path, names]) {
  const types = names.every((name) => name.startsWith("type "));
  const list = names.map((name) => (types ? name.slice("type ".length) : name)).join(", ");
  return `import ${types ? "type " : ""}{ ${list} } from "${path}";`;
}

function partsIn(text) {
  return /\bheap\b/.test(text) ? "kernels, heap" : "kernels";
}

function call(kernel, { numbers, returns, before = "" }) {
  const passed = Object.entries(numbers).map(([name, { expression }]) => expression.replaceAll("{}", name));
  return `${before}\n${returns ? "return " : ""}kernels.${kernel}(${passed.join(", ")});`;
}

// --- AssemblyScript

function assemblyIndex(entries) {
  const exports = groupBy(entries, ({ family, assembly }) => `${family}/${assembly}`).map(
    ([file, group]) =>
      `export { ${group.map(({ kernel }) => kernel).join(", ")} } from "../${folder}${file}.as";\n`,
  );
  return `// Exports for the loader. Sizes are in elements, addresses in bytes.
${exports.join("")}export { roomBytes, useRoom } from "./room";

/** First address after the kernels' own data. */
export function heapBase(): usize {
  return __heap_base;
}
`;
}

/** Constants of all families as [name, value, type], with the types of AssemblyScript and Rust. */
function constantsOf(all) {
  return all.flatMap(([, { constants = {} }]) =>
    Object.entries(constants).flatMap(([name, value]) =>
      typeof value === "number"
        ? [[name, value, "usize"]]
        : Object.entries(value).map(([op, code]) => [
            `${constantCase(name)}_${constantCase(op)}`,
            code,
            "i32",
          ]),
    ),
  );
}

function assemblyConstants(all) {
  const lines = constantsOf(all).map(
    ([name, value, type]) => `// @ts-ignore: decorator\n@inline\nexport const ${name}: ${type} = ${value};\n`,
  );
  return notice + lines.join("");
}

// --- Rust

function rustConstants(all) {
  const lines = constantsOf(all).map(([name, value, type]) => `pub const ${name}: ${type} = ${value};\n`);
  const macros = all.flatMap(([, { constants = {} }]) =>
    Object.entries(constants).flatMap(([name, codes]) =>
      typeof codes === "number" ? [] : [rustChoice(name, Object.keys(codes))],
    ),
  );
  const head = "//! Codes of operations and sizes of blocks.\n#![allow(dead_code)]\n";
  return `${notice}${head}\n${lines.join("")}\n${macros.join("\n")}`;
}

/** A macro that calls \`$run!(CODE)\` for the code that a number has at run time. */
function rustChoice(name, ops) {
  const codes = ops.map((op) => `${constantCase(name)}_${constantCase(op)}`);
  const arms = codes.map((code, i) =>
    i + 1 < codes.length ? `${code} => $run!(${code}),` : `_ => $run!(${code}),`,
  );
  return `/// Calls \`$run!(CODE)\` with the code of the operation.
#[allow(unused_macros)]
macro_rules! by_${name} {
    ($op:expr, $run:ident) => {{
        use crate::constants::*;
        match $op {
            ${arms.join("\n            ")}
        }
    }};
}
#[allow(unused_imports)]
pub(crate) use by_${name};
`;
}

function rustKernels(all, entries) {
  const native = entries.filter((entry) => entry.native !== undefined);
  const files = [
    ...native.map(({ family, native: path }) => [path.split("::")[0], family]),
    ...all.flatMap(([family, { rust = [] }]) => rust.map((file) => [file, family])),
  ];
  const modules = [...new Map(files)]
    .sort()
    .map(([file, family]) => `#[path = "../../../${folder}${family}/${file}.rs"]\npub mod ${file};\n`);
  const rows = native.map(
    ({ kernel, numbers, native: run }) =>
      `    Kernel { name: "${kernel}", arity: ${Object.keys(numbers).length}, run: ${run} },\n`,
  );
  return `${notice}//! Kernels by name, with their files. The shared files have no kernel of their own.
use crate::kernel::Kernel;

pub mod columns;
pub mod math;
pub mod pack;
pub mod product;
pub mod rows;
pub mod tile;

${modules.join("")}
/// Kernels in the order of the indices that JavaScript uses.
pub static KERNELS: &[Kernel] = &[
${rows.join("")}];
`;
}

function rustBlocks(entries) {
  const rows = entries.flatMap(({ blocks = {} }) =>
    Object.entries(blocks).map(([name, path]) => `            ${name}: ${path};\n`),
  );
  return `${notice}/// Passes all blocks to \`$callback\`: name in \`Level\`, kernel file, function.
macro_rules! with_blocks {
    ($callback:ident, $($parameters:tt)*) => {
        $callback! {
            [$($parameters)*]
${rows.join("")}        }
    };
}
pub(crate) use with_blocks;
`;
}
