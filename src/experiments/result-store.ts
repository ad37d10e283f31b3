import { join } from "node:path";
import { parseJson } from "../core/parse-json.js";
import { readSmallText } from "../data/files/read-small-file.js";
import { writeWhole } from "../data/formats/write-whole.js";
import { type JobResult, jobResultSchema } from "./job-result.js";

/**
 * Stores results of jobs on disk, by hash. Writes are atomic. A damaged result counts as absent and is
 * computed again.
 */
export class ResultStore {
  constructor(readonly folder: string) {}

  get(hash: string): JobResult | undefined {
    let stored: unknown;
    try {
      stored = parseJson(readSmallText(this.path(hash), { limit: 2 ** 29 }));
    } catch {
      return undefined; // absent or damaged
    }
    const parsed = jobResultSchema.safeParse(stored);
    return parsed.success && parsed.data.hash === hash ? parsed.data : undefined;
  }

  /**
   * Stores a result.
   * @throws EuarError "io.write"
   */
  async put(result: JobResult): Promise<void> {
    await writeWhole(this.path(result.hash), `${JSON.stringify(result)}\n`);
  }

  private path(hash: string): string {
    return join(this.folder, `${hash}.json`);
  }
}
