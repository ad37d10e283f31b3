import { BackendError, ConfigError } from "../core/errors.js";
import type { Backend } from "../tensor/backend.js";

/** Names of the backends. "auto" is native if it is installed, else wasm. Both give the same bits. */
export const backendNames = ["auto", "native", "wasm", "reference"] as const;

/** Name of a backend, see {@link backendNames}. */
export type BackendName = (typeof backendNames)[number];

/** Options of {@link createBackend}. */
export interface BackendOptions {
  /**
   * Number of threads of the native and wasm backends. Results do not depend on it. Default: all
   * cores that this process may use.
   */
  readonly threads?: number;
  /**
   * "fast": fused multiply-add, with slightly different results. On the native backend, or on wasm where the
   * engine has relaxed SIMD. Default "exact".
   */
  readonly arithmetic?: "exact" | "fast";
}

/**
 * Creates a backend. Loads only the code of this backend.
 *
 * @throws BackendError `backend.unavailable` if it cannot run here
 * @throws ConfigError `config.invalid` for an unknown name, `config.conflict` for fast arithmetic on a
 * backend without it
 */
export async function createBackend(name: BackendName, options: BackendOptions = {}): Promise<Backend> {
  if (!backendNames.includes(name))
    throw new ConfigError("config.invalid", `there is no backend "${name as string}"`, {
      hint: `Known: ${backendNames.join(", ")}.`,
    });
  const fast = options.arithmetic === "fast";
  if (name === "reference") {
    if (fast)
      throw new ConfigError("config.conflict", "the reference backend has no fast arithmetic", {
        hint: "Use another --backend, or leave out --arithmetic fast.",
      });
    return (await import("../tensor/backends/reference/index.js")).createReferenceBackend();
  }
  if (name !== "wasm") {
    const { createNativeBackend, nativeStatus } = await import("../tensor/backends/native/index.js");
    if (name === "native") return createNativeBackend(options);
    try {
      const status = nativeStatus();
      const isUsable = status.available && (!fast || status.instructionSets.fast.length > 0);
      if (isUsable) return createNativeBackend(options);
    } catch (cause) {
      // the package has another version; wasm has the same arithmetic
      if (!(cause instanceof BackendError && cause.code === "backend.unavailable")) throw cause;
    }
  }
  return (await import("../tensor/backends/wasm/index.js")).createWasmBackend(options);
}
