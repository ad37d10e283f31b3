// Runs the jobs in Node and prints { job: fingerprint } as one line of JSON.
//   node test/platform/run-jobs.js [--only JOB] [--workers N] [--resume] [--weights FILE] [--backend NAME]
//       [--threads N]
// --workers: the same jobs in N worker threads at once, which must agree. --resume: interrupts each job after
// its first epoch and resumes it.
// --weights: also writes the weights of the job "everything", and adds the digest of what they predict once
// they are loaded again.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { Predictor } from "euar/predict";
import { fingerprint, predictionDigest, trainJob } from "./fingerprint.js";
import { jobs } from "./jobs.js";

const options = {
  only: { type: "string" },
  workers: { type: "string" },
  resume: { type: "boolean", default: false },
  weights: { type: "string" },
  // named explicitly, so that the test does not depend on the installed packages
  backend: { type: "string", default: "wasm" },
  threads: { type: "string" },
};

if (isMainThread) {
  const { values } = parseArgs({ options });
  const results =
    values.workers === undefined ? await runAll(values) : await inWorkers(Number(values.workers), values);
  console.log(JSON.stringify(results));
} else {
  parentPort?.postMessage(await runAll(workerData));
}

async function runAll({ only, resume, weights, backend, threads }) {
  const named = { backend, ...(threads !== undefined && { threads: Number(threads) }) };
  const results = {};
  for (const [name, make] of Object.entries(jobs)) {
    if (only !== undefined && name !== only) continue;
    const job = make();
    const computing = job.request.backend === undefined ? named : {}; // a job may name its own
    results[name] = await fingerprint(
      job,
      resume ? await interruptedAndResumed(job, computing) : await trainJob(job, computing),
    );
  }
  if (weights !== undefined) results.loaded = await throughFile(jobs.everything(), weights, named);
  return results;
}

async function inWorkers(count, values) {
  const threads = Array.from({ length: count }, () => {
    return new Promise((resolve, reject) => {
      new Worker(new URL(import.meta.url), { workerData: values })
        .once("message", resolve)
        .once("error", reject);
    });
  });
  const [first, ...others] = await Promise.all(threads);
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(first)))
    throw new Error(`${count} workers disagree`);
  return first;
}

async function interruptedAndResumed(job, computing) {
  return inFolder(async (folder) => {
    const out = join(folder, "run");
    const controller = new AbortController();
    const onEvent = (event) => {
      if (event.kind === "epoch") controller.abort();
    };
    const stopped = await trainJob(job, { ...computing, out }, { onEvent, signal: controller.signal }).then(
      () => "finished",
      (error) => error.code,
    );
    if (stopped !== "train.interrupted") throw new Error(`the run should have been interrupted: ${stopped}`);
    return trainJob(job, { ...computing, out, resume: true });
  });
}

async function throughFile(job, target, computing) {
  return inFolder(async (folder) => {
    const out = join(folder, "run");
    await trainJob(job, { ...computing, out });
    copyFileSync(join(out, "weights.safetensors"), target);
    return {
      predictions: await predictionDigest(
        await Predictor.fromWeights(readFileSync(target), computing),
        job.dataset,
      ),
    };
  });
}

async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), "euar-platform-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
