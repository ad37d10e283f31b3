import { z } from "zod";
import { type BackendName, type BackendOptions, createBackend } from "../predict/create-backend.js";

/** Options that select the backend, for every command that computes. */
export const backendFields = {
  backend: z
    .enum(["auto", "native", "wasm", "reference"])
    .default("auto")
    .describe(
      "backend that computes: native (Rust, all cores), wasm (the same results), reference (float64, " +
        "slow). auto selects native if it is installed, otherwise wasm",
    ),
  threads: z
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe(
      "number of threads of the native and wasm backends (default: all cores). Results do not depend on it",
    ),
  arithmetic: z
    .enum(["exact", "fast"])
    .default("exact")
    .describe(
      "exact: bit-identical results on every machine. fast: fused multiply-add, with slightly different " +
        "results; recorded in the run. It needs the native backend, or wasm in Node 22 or later",
    ),
};

interface Chosen {
  readonly backend: BackendName;
  readonly threads?: number | undefined;
  readonly arithmetic: "exact" | "fast";
}

/**
 * Refuses an arithmetic that this machine does not have, before any work.
 * @throws BackendError "backend.unavailable"
 */
export async function requireArithmetic(arithmetic: Chosen["arithmetic"]): Promise<void> {
  if (arithmetic === "fast") await createBackend("auto", { arithmetic, threads: 1 });
}

/** Returns the backend options among a command's options. */
export function backendChoice({ backend, threads, arithmetic }: Chosen): {
  readonly backend: BackendName;
} & BackendOptions {
  return { backend, arithmetic, ...(threads !== undefined && { threads }) };
}
