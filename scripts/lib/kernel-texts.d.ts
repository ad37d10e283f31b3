import type { KernelFamily } from "../../src/tensor/kernels/entry.js";

/** Returns the texts that follow from the kernel table, by path from the root of the project. */
export function kernelTexts(families: Readonly<Record<string, KernelFamily>>): Promise<Map<string, string>>;
