import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "./run-euar.js";
import { within } from "./within.js";

/** A server in its own process. */
export interface StartedServer {
  readonly url: string;
  readonly pid: number;
  /** Returns what it has written on stderr so far. */
  readonly stderr: () => string;
  /** Sends a signal, waits for the end, and returns the exit code (null if a signal ended it). */
  readonly stop: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** Starts `euar serve` on a free port of this machine. Needs `npm run build`. */
export async function startedServer(args: readonly string[], cwd = root): Promise<StartedServer> {
  const bin = join(root, "bin", "euar.js");
  const child = spawn(process.execPath, [bin, "serve", "--port", "0", "--json", ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const first = new Promise<string>((resolve) => {
    createInterface(child.stdout).once("line", resolve);
  });
  const started = Promise.race([
    first,
    ended.then((code) => Promise.reject(new Error(`euar serve ended with ${code}: ${stderr}`))),
  ]);
  const state = (): string => stderr;
  const line = await within("the start of euar serve", started, { state }).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw error;
  });
  const { url } = JSON.parse(line) as { url: string };
  return {
    url,
    pid: child.pid ?? 0,
    stderr: () => stderr,
    stop: async (signal) => {
      child.kill(signal);
      return within(`the end of euar serve after ${signal}`, ended, { state }).catch((error: unknown) => {
        child.kill("SIGKILL");
        throw error;
      });
    },
  };
}
