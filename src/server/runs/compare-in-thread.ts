import type { Comparison, ComparisonRequest } from "./compare-runs.js";
import { InThread } from "./in-thread.js";

/**
 * Compares runs in a separate thread, because resampling a large split takes seconds.
 * @throws DataError as `compareRuns`
 */
export const compareInThread = new InThread<ComparisonRequest, Comparison>(
  new URL("./compare-thread.js", import.meta.url),
).compute;
