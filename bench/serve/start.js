// Measures how long `euar serve` takes from its start to the first answer with its page, in an empty folder,
// and with a trained run to the first prediction.
//
//     node bench/serve/start.js [--rounds 5]
//
// Needs `npm run build`. Writes bench/results/serve.json.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine } from "../lib/machine.js";
import { keepResults, processorSeconds, serve } from "../lib/served.js";
import { median, significant } from "../lib/statistics.js";
import { trainRun } from "../lib/trained-run.js";

const { values: flags } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
const { folder, run, clipFile } = await trainRun({ clips: 1 });
const body = JSON.stringify({ features: JSON.parse(readFileSync(clipFile, "utf8")) });
const seconds = { page: [], prediction: [], processor: [] };
try {
  for (let round = 0; round < Number(flags.rounds); round++) {
    const empty = mkdtempSync(join(tmpdir(), "euar-bench-empty-"));
    const start = performance.now();
    const server = await serve(["--model", `demo=${run}`], empty);
    const page = await fetch(server.url);
    if (!page.ok || !(await page.text()).includes("<!doctype html>")) throw new Error("there is no page");
    seconds.page.push((performance.now() - start) / 1000);
    const headers = { "content-type": "application/json" };
    const scored = await fetch(`${server.url}/v1/predictions`, { method: "POST", headers, body });
    if (!scored.ok) throw new Error(`status ${scored.status}`);
    await scored.json();
    seconds.prediction.push((performance.now() - start) / 1000);
    seconds.processor.push(processorSeconds(server.pid));
    await server.stop();
    rmSync(empty, { recursive: true });
  }
  const of = (times) => ({ median: significant(median(times)), slowest: significant(Math.max(...times)) });
  const start = {
    date: new Date().toISOString(),
    machine: describeMachine(),
    secondsToPage: of(seconds.page),
    secondsToPrediction: of(seconds.prediction),
    processorSeconds: of(seconds.processor), // until the prediction, of all threads
  };
  console.log(JSON.stringify(start, null, 2));
  keepResults({ start });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
