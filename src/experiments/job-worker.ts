import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { plainError, type ThreadReply } from "../features/worker-thread.js";
import { DataSets } from "./data-sets.js";
import type { JobResult } from "./job-result.js";
import { runJob } from "./run-job.js";
import type { JobRequest } from "./worker-executor.js";

/**
 * Worker thread that runs one job after another. Data sets stay loaded between jobs. Started only by
 * `worker-executor.ts`.
 */
const data = new DataSets();
const threads = z.int().min(1).parse(workerData);
const reply = (message: ThreadReply<null, JobResult>): void => {
  parentPort?.postMessage(message);
};
parentPort?.on("message", ({ job, hash }: JobRequest) => {
  runJob(job, hash, data, { threads }).then(
    (result) => {
      reply({ kind: "result", result });
    },
    (error: unknown) => {
      reply({ kind: "error", error: plainError(error) });
    },
  );
});
reply({ kind: "ready", ready: null });
