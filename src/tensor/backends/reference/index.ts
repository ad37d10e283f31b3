import type { Backend } from "../../backend.js";
import { reference } from "../../kernels/reference.js";
import { createMemory } from "./memory.js";

/** Options of {@link createReferenceBackend}. */
export interface ReferenceOptions {
  /** Storage type of values. Sums always use float64. Default "float64". */
  readonly precision?: "float64" | "float32";
  /**
   * Fill freed scratch memory with NaN, so that tests detect a kernel that reads uninitialised memory.
   * Default false.
   */
  readonly poison?: boolean;
}

/**
 * Creates the reference backend. It defines every kernel by plain, readable loops over {@link Backend}'s
 * formulas. Sums run in index order in float64.
 *
 * @example const tape = new Tape(createReferenceBackend());
 */
export function createReferenceBackend(options: ReferenceOptions = {}): Backend {
  const precision = options.precision ?? "float64";
  return {
    name: "reference",
    engine: "reference",
    precision,
    ...createMemory(precision, options.poison ?? false),
    ...reference,
  };
}
