import { statSync } from "node:fs";
import { join } from "node:path";
import type { StressResult } from "../../experiments/stress-run.js";
import { runFiles } from "../../runs/run-files.js";
import { InThread } from "./in-thread.js";
import { Remembered } from "./remembered.js";
import type { StressRequest } from "./stress-test.js";

/** Stress tests of runs. Remembers the latest results, because a test takes seconds. */
export class StressTests {
  private readonly results = new Remembered<StressResult>();

  constructor(private readonly compute: (request: StressRequest) => Promise<StressResult>) {}

  /**
   * Returns the result of a test, which is computed only once for the same weights and data set.
   * @throws EuarError as `stressTest`
   */
  get(request: StressRequest): Promise<StressResult> {
    const written = statSync(join(request.folder, runFiles.metrics)).mtimeMs;
    const key = JSON.stringify([request.folder, written, request.data]);
    return this.results.get(key, () => this.compute(request));
  }
}

/** Measures a run in a thread of its own. */
export const stressInThread = new InThread<StressRequest, StressResult>(
  new URL("./stress-thread.js", import.meta.url),
).compute;
