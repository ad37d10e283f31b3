import type { Comparison, ComparisonRequest } from "./compare-runs.js";
import { inThread } from "./in-thread.js";

/**
 * Compares runs in a separate thread, because resampling a large split takes seconds.
 * @throws DataError as `compareRuns`
 */
export const compareInThread = inThread<ComparisonRequest, Comparison>(
  new URL("./compare-thread.js", import.meta.url),
);
