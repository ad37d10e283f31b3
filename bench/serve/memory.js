// Measures the memory of the server under a steady load: features as JSON and in binary in turn.
//
//     node bench/serve/memory.js [--minutes 10] [--rate 300] [--clients 50]
//
// Needs `npm run build`. Writes bench/results/serve.json.
import { readFileSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { featureForms } from "../lib/feature-forms.js";
import { describeMachine } from "../lib/machine.js";
import { keepResults, serve } from "../lib/served.js";
import { median, significant } from "../lib/statistics.js";
import { trainRun } from "../lib/trained-run.js";
import { sendRequests } from "./load.js";

const { values: flags } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    rate: { type: "string", default: "300" },
    clients: { type: "string", default: "50" },
  },
});
const [minutes, rate, clients] = [flags.minutes, flags.rate, flags.clients].map(Number);
const SECONDS = 10;

const { folder, run, clipsFile } = await trainRun({ clips: 64 });
const { json, binary } = featureForms(JSON.parse(readFileSync(clipsFile, "utf8")));
const server = await serve(["--model", run], folder); // with its store
try {
  const url = `${server.url}/v1/predictions`;
  const samples = [];
  let [requests, faults] = [0, 0];
  for (const end = Date.now() + 60_000 * minutes; Date.now() < end;) {
    for (const form of [json, binary]) {
      const result = await sendRequests({ url, ...form, clients, seconds: SECONDS, pid: server.pid, rate });
      requests += Math.round(result.requestsPerSecond * SECONDS);
      faults += result.errors + result.refused;
    }
    samples.push(residentMib(server.pid));
  }
  const third = Math.floor(samples.length / 3);
  const memory = {
    date: new Date().toISOString(),
    machine: describeMachine(),
    minutes,
    rate,
    clients,
    requests,
    faults,
    everySeconds: 2 * SECONDS,
    residentMib: samples,
    lastThirdToFirst: significant(median(samples.slice(-third)) / median(samples.slice(0, third))),
  };
  console.log(JSON.stringify(memory, null, 2));
  keepResults({ memory });
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

function residentMib(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024);
}
