import { loadAddon } from "./addon.js";
import { unavailable } from "./unavailable.js";

/**
 * Runs multiplications and additions in registers, for benchmarks: their speed is the limit of the arithmetic
 * of native kernels on one core.
 * @param rounds number of rounds, each with 12 vectors of the best instruction set; a million takes
 * milliseconds
 * @param arithmetic "exact" multiplies and adds in two instructions, "fast" in one
 * @returns number of floating-point operations
 * @throws BackendError `backend.unavailable` if the native kernels are not installed or the processor has no
 * instruction set for the arithmetic
 */
export function runNativePeak(rounds: number, arithmetic: "exact" | "fast" = "exact"): number {
  const loaded = loadAddon();
  if ("reason" in loaded) throw unavailable(loaded.reason);
  const { addon } = loaded;
  const level = addon.instructionSets().findLastIndex(({ fused }) => fused === (arithmetic === "fast"));
  if (level < 0) throw unavailable(`this processor has no instruction set for ${arithmetic} arithmetic`);
  return addon.runPeak(level, rounds);
}
