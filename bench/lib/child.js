/**
 * Contestant: a child process that reads one JSON request per line and answers each with one line. It waits
 * for input between blocks of steps, so that only one contestant runs at a time on the shared core.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Environment that limits every library to one thread. */
export const oneThread = { OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };

/**
 * Returns the command that pins to a core, if the system has one.
 * @param {number | undefined} core
 */
export function pinned(core, command, args) {
  return core === undefined ? [command, args] : ["taskset", ["-c", String(core), command, ...args]];
}

/**
 * Starts a contestant.
 * @param {string} name
 * @param {string} command
 * @param {readonly string[]} args
 * @param {number | undefined} core
 */
export function startContestant(name, command, args, core) {
  const [file, list] = pinned(core, command, args);
  const child = spawn(file, list, {
    env: { ...process.env, ...oneThread },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting = [];
  let ended;
  const fail = (error) => {
    ended = error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  child.on("error", (cause) => fail(new Error(`${name}: cannot start ${file}`, { cause })));
  child.on("exit", (code) => fail(new Error(`${name}: ended with code ${code}`)));
  child.stdin.on("error", () => {}); // a contestant that died is reported by its exit
  createInterface({ input: child.stdout }).on("line", (line) => {
    const next = waiting.shift();
    if (!next) return;
    let answer;
    try {
      answer = JSON.parse(line);
    } catch (cause) {
      next.reject(new Error(`${name}: answered "${line.slice(0, 200)}"`, { cause }));
      return;
    }
    if (answer.error === undefined) next.resolve(answer);
    else next.reject(new Error(`${name}: ${answer.error}`));
  });
  return {
    name,
    /** @param {object} request */
    ask(request) {
      if (ended) return Promise.reject(ended);
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify(request)}\n`);
      });
    },
    stop() {
      child.stdin.end();
    },
  };
}

/**
 * Returns the processor time of this process so far. Unlike the clock, it stops while another process uses
 * the core.
 */
export function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Serves requests in the contestant: answers each line with `handler(request)` until the input ends. */
export async function answerRequests(handler) {
  for await (const line of createInterface({ input: process.stdin })) {
    let answer;
    try {
      answer = await handler(JSON.parse(line));
    } catch (error) {
      answer = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}
