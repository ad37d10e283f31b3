import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../run-euar.js";

/** Page of the example, built and served by its own command. */
export interface ExampleSite {
  readonly address: string;
  stop(): Promise<void>;
}

const PATIENCE = 240_000;

/**
 * Runs `npm run example` without its build.
 * @param flags flags of the command; default: small toy models
 * @throws Error with its output if it ends before it serves
 */
export async function startExample(
  out: string,
  flags: readonly string[] = ["--small"],
): Promise<ExampleSite> {
  const child = spawn(
    process.execPath,
    [join(root, "examples/browser/make/example.js"), ...flags, "--port", "0", "--out", out],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const ended = new Promise<void>((resolve) =>
    child.once("close", () => {
      resolve();
    }),
  );
  return {
    address: await addressOf(child),
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const timer = setTimeout(() => {
      child.kill();
      reject(new Error(`the example did not serve within ${PATIENCE / 1000} s: ${output}`));
    }, PATIENCE);
    const listen = (chunk: Buffer): void => {
      output += chunk.toString();
      const address = /Open (http:\S+)/.exec(output)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("close", () => {
      clearTimeout(timer);
      reject(new Error(`the example ended: ${output}`));
    });
  });
}
