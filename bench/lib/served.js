import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const euar = fileURLToPath(new URL("../../bin/euar.js", import.meta.url));
const results = fileURLToPath(new URL("../results/serve.json", import.meta.url));

/** Starts `euar serve` on a free port, and waits until it listens. */
export async function serve(args, cwd = process.cwd()) {
  const child = spawn(process.execPath, [euar, "serve", "--port", "0", "--json", ...args], {
    cwd,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const line = await Promise.race([
    new Promise((resolve) => createInterface(child.stdout).once("line", resolve)),
    ended.then((code) => Promise.reject(new Error(`euar serve ended with ${code}`))),
  ]);
  return {
    url: JSON.parse(line).url,
    pid: child.pid,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Adds results to bench/results/serve.json, in place of earlier ones of the same names. */
export function keepResults(part) {
  const before = existsSync(results) ? JSON.parse(readFileSync(results, "utf8")) : {};
  writeFileSync(results, `${JSON.stringify({ ...before, ...part }, null, 2)}\n`);
}

/** Seconds that all threads of a process have computed so far; less than those on the clock if it waited. */
export function processorSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13);
  return (Number(user) + Number(system)) / 100;
}
