import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the repository. */
export const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "bin", "euar.js");

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs `euar` as a user would: the built command in its own process. Needs `npm run build`, which `npm test`
 * does first.
 */
export function euar(args: readonly string[], { cwd, input, env }: RunOptions = {}): Outcome {
  requireBuild();
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd,
    input,
    env: { ...process.env, ...env },
    encoding: "utf8",
    timeout: 300_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, stdout, stderr };
}

/**
 * Starts `euar`, sends it a signal as soon as a file has a number of lines or another condition holds, and
 * waits for its end.
 */
export async function euarInterrupted(
  args: readonly string[],
  when: { readonly file: string; readonly lines: number } | (() => boolean),
  signal: NodeJS.Signals,
  cwd: string,
): Promise<Outcome> {
  requireBuild();
  const child = spawn(process.execPath, [bin, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const watch = setInterval(() => {
    if (
      typeof when === "function"
        ? !when()
        : !existsSync(when.file) || readFileSync(when.file, "utf8").split("\n").length <= when.lines
    )
      return;
    clearInterval(watch);
    child.kill(signal);
  }, 10);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearInterval(watch);
  return { code, stdout, stderr };
}

export function requireBuild(): void {
  if (!existsSync(join(root, "dist", "cli", "main.js")))
    throw new Error("euar is not built: run npm run build first");
}

/** Runs `work` with a folder that is deleted afterwards. */
export async function withFolder<T>(work: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "euar-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Returns the one JSON object that a command printed.
 * @throws Error unless stdout is exactly one line of JSON
 */
export function jsonOf(outcome: Outcome): Record<string, unknown> {
  const lines = outcome.stdout.split("\n");
  if (lines.length !== 2 || lines[1] !== "")
    throw new Error(
      `expected one line on stdout, got ${JSON.stringify(outcome.stdout.slice(0, 300))}; stderr: ` +
        outcome.stderr.slice(0, 1000),
    );
  const value: unknown = JSON.parse(lines[0] ?? "");
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error("expected a JSON object");
  return Object.fromEntries(Object.entries(value));
}
