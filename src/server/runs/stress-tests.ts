import { statSync } from "node:fs";
import { join } from "node:path";
import type { StressResult } from "../../experiments/stress-run.js";
import { runFiles } from "../../runs/run-files.js";
import { InThread } from "./in-thread.js";
import type { StressRequest } from "./stress-test.js";

/** Number of results that are kept. */
const KEPT = 32;

/** Stress tests of runs. Remembers the latest results, because a test takes seconds. */
export class StressTests {
  private readonly known = new Map<string, Promise<StressResult>>();

  constructor(private readonly compute: (request: StressRequest) => Promise<StressResult>) {}

  /**
   * Returns the result of a test, which is computed only once for the same weights and data set.
   * @throws EuarError as `stressTest`
   */
  async get(request: StressRequest): Promise<StressResult> {
    const written = statSync(join(request.folder, runFiles.metrics)).mtimeMs;
    const key = JSON.stringify([request.folder, written, request.data]);
    const known = this.known.get(key) ?? this.compute(request);
    this.known.delete(key);
    this.known.set(key, known); // the latest at the end
    for (const old of [...this.known.keys()].slice(0, -KEPT)) this.known.delete(old);
    try {
      return await known;
    } catch (error) {
      this.known.delete(key); // tried again at the next request
      throw error;
    }
  }
}

/** Measures a run in a thread of its own. */
export const stressInThread = new InThread<StressRequest, StressResult>(
  new URL("./stress-thread.js", import.meta.url),
).compute;
