// Measures the server under load: requests per second and latencies of predictions from features, in relation
// to an empty route of the same server, and to the same model behind FastAPI and PyTorch.
//
//     node bench/serve/run.js [--clients 1000] [--seconds 15] [--rounds 3] [--python PATH] [--steady MINUTES]
//
// The sides take turns, because other programs may use the machine. Needs `npm run build`. Writes
// bench/results/serve.json.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine } from "../lib/machine.js";
import { median, quantile, significant } from "../lib/statistics.js";
import { keepResults, serve } from "../lib/served.js";
import { trainRun } from "../lib/trained-run.js";

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url));
const { values: flags } = parseArgs({
  options: {
    clients: { type: "string", default: "1000" },
    seconds: { type: "string", default: "15" },
    rounds: { type: "string", default: "3" },
    python: { type: "string" },
    steady: { type: "string", default: "0" },
  },
});
const [clients, seconds, rounds] = [flags.clients, flags.seconds, flags.rounds].map(Number);

if (!existsSync(pathOf("node_modules/autocannon")))
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"], {
    cwd: pathOf("."),
    stdio: "inherit",
  });
const { default: autocannon } = await import("autocannon");

const { folder, run, weights, clipsFile } = await trainRun({ clips: 64 });
const bodies = JSON.parse(readFileSync(clipsFile, "utf8")).map((features) => JSON.stringify({ features }));
const running = [];
const ours = await serve(["--model", run, "--no-store"]);
try {
  const peers = [];
  if (flags.python !== undefined)
    for (const workers of [1, 2]) peers.push({ workers, ...(await startPeer(workers)) });
  for (const { url } of peers) await requireSame(ours.url, url);
  const sides = [
    { name: "empty route", url: `${ours.url}/healthz` },
    { name: "prediction", url: `${ours.url}/v1/predictions`, bodies },
    ...peers.map(({ workers, url }) => ({
      name: `FastAPI, ${workers} worker(s)`,
      url: `${url}/v1/predictions`,
      bodies,
    })),
  ];
  for (const side of sides) await load(side, 3); // warm-up
  const measured = new Map(sides.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const side of sides) {
      const result = await load(side, seconds);
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
    requestsToEmptyRoute: ratio("requestsPerSecond", "prediction", "empty route"),
    p99ToEmptyRoute: ratio("p99Ms", "prediction", "empty route"),
    requestsToPeers: Object.fromEntries(
      sides.slice(2).map(({ name }) => [name, ratio("requestsPerSecond", "prediction", name)]),
    ),
    ...(Number(flags.steady) > 0 && { memory: await memoryOverTime(ours, Number(flags.steady)) }),
  };
  console.log(JSON.stringify(result, null, 2));
  keepResults(result);
} finally {
  await ours.stop();
  for (const child of running) child.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}

/** Sends requests from all clients at once, each its next one after the answer to the one before. */
async function load(side, duration) {
  const result = await autocannon({
    url: side.url,
    connections: clients,
    duration,
    timeout: 60,
    ...(side.bodies && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: side.bodies[0],
      // one body per client: autocannon would build the text of every request for every client, a gigabyte
      setupClient: (client) => {
        client.setBody(side.bodies[(side.sent = (side.sent ?? 0) + 1) % side.bodies.length]);
      },
    }),
  });
  return {
    requestsPerSecond: result.requests.average,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    errors: result.errors + result.timeouts,
    refused: result.non2xx,
  };
}

/** Memory of the server's process under load, in MiB, every ten seconds. */
async function memoryOverTime({ url, pid }, minutes) {
  const samples = [];
  const end = Date.now() + 60_000 * minutes;
  while (Date.now() < end) {
    await load({ url: `${url}/v1/predictions`, bodies }, 10);
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    samples.push(Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024));
  }
  return { minutes, everySeconds: 10, rssMib: samples };
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
  for (const body of bodies.slice(0, 8)) {
    const headers = { "content-type": "application/json" };
    const answers = await Promise.all(
      urls.map((url) =>
        fetch(`${url}/v1/predictions`, { method: "POST", headers, body }).then((r) => r.json()),
      ),
    );
    const [a, b] = answers.map(({ prediction }) => prediction);
    if (!(Math.abs(a - b) < 1e-4)) throw new Error(`the sides predict ${a} and ${b}`);
  }
}
