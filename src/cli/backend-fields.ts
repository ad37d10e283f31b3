import { z } from "zod";
import type { BackendName, BackendOptions } from "../predict/create-backend.js";

/** Options of every command that computes: who does the arithmetic. */
export const backendFields = {
  backend: z
    .enum(["auto", "native", "wasm", "reference"])
    .default("auto")
    .describe(
      "what computes: native (Rust, all cores), wasm (the same bits), reference (plain float64). auto takes native where it is installed, else wasm",
    ),
  threads: z
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe("threads of the native backend; the results do not depend on it. Default: all cores"),
  arithmetic: z
    .enum(["exact", "fast"])
    .default("exact")
    .describe(
      "exact: the same bits on every machine. fast: fused multiply-add on the native backend, other bits, recorded in the run",
    ),
};

interface Chosen {
  readonly backend: BackendName;
  readonly threads?: number | undefined;
  readonly arithmetic: "exact" | "fast";
}

/** The part of the options that says what computes. */
export function backendChoice({ backend, threads, arithmetic }: Chosen): {
  readonly backend: BackendName;
} & BackendOptions {
  return { backend, arithmetic, ...(threads !== undefined && { threads }) };
}
