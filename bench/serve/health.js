// Measures how fast the server answers /healthz while it decodes and scores clips.
//
//     node bench/serve/health.js [--seconds 20]
//
// Sends ten-second clips one after another, two at a time, and asks for /healthz every 20 ms. Needs FFmpeg,
// `npm run build`, and the packages of the default adapters. Writes bench/results/serve.json.
import { openAsBlob, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { mediaRun } from "../lib/media-run.js";
import { describeMachine } from "../lib/machine.js";
import { keepResults, serve } from "../lib/served.js";
import { median, quantile, significant } from "../lib/statistics.js";

const { values: flags } = parseArgs({ options: { seconds: { type: "string", default: "20" } } });
const { folder, run, clip, text } = mediaRun();
const server = await serve(["--model", run, "--no-store", "--max-seconds", "600"], folder);
try {
  await score(); // the first clip loads the adapters
  const idle = await healthFor(5000);
  const end = performance.now() + 1000 * Number(flags.seconds);
  let clips = 0;
  const scoring = [1, 2].map(async () => {
    while (performance.now() < end) {
      await score();
      clips += 1;
    }
  });
  const busy = await healthFor(1000 * Number(flags.seconds));
  await Promise.all(scoring);
  const health = { date: new Date().toISOString(), machine: describeMachine(), clips, idle, busy };
  console.log(JSON.stringify(health, null, 2));
  keepResults({ health });
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function score() {
  const body = new FormData();
  body.append("clip", await openAsBlob(clip), "clip.mp4");
  body.append("text", text);
  const response = await fetch(`${server.url}/v1/predictions`, { method: "POST", body });
  if (!response.ok) throw new Error(`status ${response.status}: ${await response.text()}`);
  await response.json();
}

async function healthFor(milliseconds) {
  const times = [];
  for (const end = performance.now() + milliseconds; performance.now() < end; await sleep(20)) {
    const start = performance.now();
    const response = await fetch(`${server.url}/healthz`);
    await response.json();
    times.push(performance.now() - start);
  }
  return {
    requests: times.length,
    medianMs: significant(median(times)),
    p99Ms: significant(quantile(times, 0.99)),
    maxMs: significant(Math.max(...times)),
  };
}
