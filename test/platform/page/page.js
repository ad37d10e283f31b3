// Runs the jobs in a browser, loads the weights that Node wrote, and sends what came out to the server that
// served this page.
import * as models from "euar/models";
import { Predictor } from "euar/predict";
import * as tensor from "euar/tensor";
import { fingerprint, predictionDigest, trainJob } from "../fingerprint.js";
import { jobs } from "../jobs.js";

async function run() {
  const results = {};
  for (const [name, make] of Object.entries(jobs)) {
    document.querySelector("#state").textContent = `running ${name}`;
    const job = make();
    results[name] = await fingerprint(job, await trainJob(job));
  }
  const model = await Predictor.fromWeights(await (await fetch("/weights.safetensors")).arrayBuffer());
  results.loaded = { predictions: await predictionDigest(model, jobs.everything().dataset) };
  return {
    userAgent: navigator.userAgent,
    entries: { models: Object.keys(models).length, tensor: Object.keys(tensor).length },
    results,
  };
}

const outcome = await run().catch((error) => ({ error: `${error}\n${error?.stack ?? ""}` }));
document.querySelector("#state").textContent = JSON.stringify(outcome, null, 2);
await fetch("/outcome", { method: "POST", body: JSON.stringify(outcome) });
