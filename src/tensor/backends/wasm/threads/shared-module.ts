import { EuarError } from "../../../../core/errors.js";

/** Import of the memory as the build writes it: its name, that it is a memory, and that it has a maximum. */
const IMPORT = [...Array.from("memory", (letter) => letter.charCodeAt(0)), 2, 1];
/** The same flag for a shared memory. */
const SHARED = 3;

/**
 * Returns the module for a shared memory. It differs from the module with an unshared memory only in the
 * flags of its import.
 */
export function withSharedMemory(module: Uint8Array): Uint8Array {
  const start = module.findIndex((_, i) => IMPORT.every((byte, j) => module[i + j] === byte));
  if (start < 0) throw new EuarError("internal", "the module of the kernels does not import its memory");
  const shared = Uint8Array.from(module);
  shared[start + IMPORT.length - 1] = SHARED;
  return shared;
}
