// Measures the server under load: requests per second and latencies of predictions from features as JSON and
// in binary, in relation to an empty route of the same server, and to the same model behind FastAPI and
// PyTorch.
//
//     node bench/serve/run.js [--clients 1000] [--seconds 15] [--rounds 3] [--python PATH]
//
// The sides take turns, because other programs may use the machine. Needs `npm run build`. Writes
// bench/results/serve.json.
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { featureForms } from "../lib/feature-forms.js";
import { describeMachine } from "../lib/machine.js";
import { median, quantile, significant } from "../lib/statistics.js";
import { keepResults, serve } from "../lib/served.js";
import { trainRun } from "../lib/trained-run.js";
import { sendRequests } from "./load.js";

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url));
const { values: flags } = parseArgs({
  options: {
    clients: { type: "string", default: "1000" },
    seconds: { type: "string", default: "15" },
    rounds: { type: "string", default: "3" },
    python: { type: "string" },
  },
});
const [clients, seconds, rounds] = [flags.clients, flags.seconds, flags.rounds].map(Number);

const { folder, run, weights, clipsFile } = await trainRun({ clips: 64 });
const { json, binary } = featureForms(JSON.parse(readFileSync(clipsFile, "utf8")));
const running = [];
const ours = await serve(["--model", run, "--no-store"]);
try {
  const peers = [];
  if (flags.python !== undefined)
    for (const workers of [1, 2]) peers.push({ workers, ...(await startPeer(workers)) });
  for (const { url } of peers) await requireSame(ours.url, url);
  await requireSameForms(ours.url);
  const sides = [
    { name: "empty route", url: `${ours.url}/healthz` },
    { name: "prediction", url: `${ours.url}/v1/predictions`, ...json },
    { name: "prediction, binary", url: `${ours.url}/v1/predictions`, ...binary },
    ...peers.map(({ workers, url }) => ({
      name: `FastAPI, ${workers} worker(s)`,
      url: `${url}/v1/predictions`,
      ...json,
    })),
  ];
  for (const side of sides) await sendRequests({ ...side, clients, seconds: 3, pid: ours.pid }); // warm-up
  const measured = new Map(sides.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const side of sides) {
      const result = await sendRequests({ ...side, clients, seconds, pid: ours.pid });
      measured.get(side.name).push(result);
      console.log(`${side.name}: ${JSON.stringify(result)}`);
    }
  const rows = sides.map(({ name }) => {
    const of = (key) => significant(median(measured.get(name).map((one) => one[key])));
    const sum = (key) => measured.get(name).reduce((total, one) => total + one[key], 0);
    return {
      name,
      requestsPerSecond: of("requestsPerSecond"),
      p50Ms: of("p50Ms"),
      p99Ms: of("p99Ms"),
      serverMicroseconds: of("serverMicroseconds"),
      clientMicroseconds: of("clientMicroseconds"),
      errors: sum("errors"),
      refused: sum("refused"),
    };
  });
  const ratio = (key, over, under) => {
    const ratios = measured.get(over).map((one, i) => one[key] / measured.get(under)[i][key]);
    return {
      median: significant(median(ratios)),
      range: [significant(Math.min(...ratios)), significant(quantile(ratios, 1))],
    };
  };
  const result = {
    date: new Date().toISOString(),
    machine: describeMachine(),
    clients,
    seconds,
    rounds,
    rows,
    requestsToEmptyRoute: {
      json: ratio("requestsPerSecond", "prediction", "empty route"),
      binary: ratio("requestsPerSecond", "prediction, binary", "empty route"),
    },
    p99ToEmptyRoute: {
      json: ratio("p99Ms", "prediction", "empty route"),
      binary: ratio("p99Ms", "prediction, binary", "empty route"),
    },
    ...(peers.length > 0 && {
      requestsToPeers: Object.fromEntries(
        sides.slice(3).map(({ name }) => [name, ratio("requestsPerSecond", "prediction", name)]),
      ),
    }),
  };
  console.log(JSON.stringify(result, null, 2));
  keepResults(peers.length === 0 ? { load: result } : { loadWithPeers: result });
} finally {
  await ours.stop();
  for (const child of running) child.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}

async function startPeer(workers) {
  const port = 18_000 + workers;
  const args = [pathOf("../peers/fastapi_serve.py"), weights, String(port), String(workers)];
  const child = spawn(flags.python, args, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, OMP_NUM_THREADS: "1" },
  });
  running.push(child);
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt++) {
    if (child.exitCode !== null || attempt > 1200) throw new Error("the FastAPI peer does not answer");
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok) return { url };
    await sleep(100);
  }
}

/** @throws Error if the sides give another prediction */
async function requireSame(...urls) {
  for (const body of json.bodies.slice(0, 8)) {
    const headers = { "content-type": json.type };
    const answers = await Promise.all(
      urls.map((url) =>
        fetch(`${url}/v1/predictions`, { method: "POST", headers, body }).then((r) => r.json()),
      ),
    );
    const [a, b] = answers.map(({ prediction }) => prediction);
    if (!(Math.abs(a - b) < 1e-4)) throw new Error(`the sides predict ${a} and ${b}`);
  }
}

/** @throws Error if features in binary have another answer than as JSON */
async function requireSameForms(url) {
  for (const i of [0, 1, 2]) {
    const answers = await Promise.all(
      [json, binary].map(async ({ type, bodies }) => {
        const headers = { "content-type": type };
        const response = await fetch(`${url}/v1/predictions`, { method: "POST", headers, body: bodies[i] });
        return response.text();
      }),
    );
    if (answers[0] !== answers[1]) throw new Error(`the forms differ: ${answers.join("\n")}`);
  }
}
