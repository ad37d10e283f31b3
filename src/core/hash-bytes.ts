import { sha256 as portableSha256 } from "./sha256.js";

interface Hash {
  update(bytes: Uint8Array): Hash;
  digest(encoding: "hex"): string;
}

interface NodeProcess {
  readonly getBuiltinModule?: (name: "node:crypto") => { createHash(algorithm: "sha256"): Hash };
}

/**
 * Node's own implementation, if available. It is over ten times faster, which matters for gigabytes. It is
 * looked up at run time, so that browsers can load this file.
 */
const native = (globalThis as { readonly process?: NodeProcess }).process?.getBuiltinModule?.("node:crypto");

/** Returns the SHA-256 of bytes, in hexadecimal. */
export function hashBytes(bytes: Uint8Array): string {
  return native ? native.createHash("sha256").update(bytes).digest("hex") : portableSha256(bytes);
}
