import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { processorSeconds } from "../lib/served.js";

const here = fileURLToPath(new URL(".", import.meta.url));
if (!existsSync(`${here}node_modules/autocannon`))
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"], {
    cwd: here,
    stdio: "inherit",
  });
const { default: autocannon } = await import("autocannon");

/**
 * Sends requests from all clients at once, each its next one after the answer to the one before. Returns
 * their rate and latencies, and the processor time that the server and the clients took for a request.
 * @param rate largest number of requests per second; absent: no limit
 */
export async function sendRequests({ url, type, bodies, clients, seconds, pid, rate }) {
  const before = { server: processorSeconds(pid), client: process.cpuUsage() };
  let next = 0;
  const result = await autocannon({
    url,
    connections: clients,
    duration: seconds,
    timeout: 60,
    ...(rate && { overallRate: rate }),
    ...(bodies && {
      method: "POST",
      headers: { "content-type": type },
      body: bodies[0],
      // one body per client: autocannon would build the text of every request for every client, a gigabyte
      setupClient: (client) => client.setBody(bodies[next++ % bodies.length]),
    }),
  });
  const { user, system } = process.cpuUsage(before.client);
  return {
    requestsPerSecond: result.requests.average,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    serverMicroseconds: (1e6 * (processorSeconds(pid) - before.server)) / result.requests.total,
    clientMicroseconds: (user + system) / result.requests.total,
    errors: result.errors + result.timeouts,
    refused: result.non2xx,
  };
}
