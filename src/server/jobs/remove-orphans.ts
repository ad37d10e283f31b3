import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Store } from "../store/store.js";
import { jobRequestSchema } from "./jobs.js";

/**
 * Deletes the uploads of a killed server that no unfinished job reads. Call it before the server accepts
 * uploads.
 *
 * @param uploads folder for the uploads of this store
 * @returns number of deleted uploads
 */
export async function removeOrphans(uploads: string, store: Store): Promise<number> {
  if (!existsSync(uploads)) return 0;
  const requests = await store.ask("openJobs", undefined);
  const used = new Set(
    requests.map((request) => basename(jobRequestSchema.parse(JSON.parse(request)).folder)),
  );
  const orphans = readdirSync(uploads).filter((name) => !used.has(name));
  for (const name of orphans) await rm(join(uploads, name), { recursive: true, force: true });
  return orphans.length;
}
