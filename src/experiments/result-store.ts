import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../data/formats/write-whole.js";
import { type JobResult, jobResultSchema } from "./job-result.js";

/**
 * Results of jobs on disk, by hash. A result is written whole or not at all; one that is damaged counts as
 * absent and is made again.
 */
export class ResultStore {
  constructor(readonly folder: string) {}

  async get(hash: string): Promise<JobResult | undefined> {
    let text: string;
    try {
      text = await readFile(this.path(hash), "utf8");
    } catch {
      return undefined;
    }
    const parsed = jobResultSchema.safeParse(parseJson(text));
    return parsed.success && parsed.data.hash === hash ? parsed.data : undefined;
  }

  /** @throws EuarError "io.write" */
  async put(result: JobResult): Promise<void> {
    await writeWhole(this.path(result.hash), `${JSON.stringify(result)}\n`);
  }

  private path(hash: string): string {
    return join(this.folder, `${hash}.json`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
