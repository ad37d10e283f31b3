import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nativeStatus } from "../../src/tensor/backends/native/index.js";
import { root } from "../run-euar.js";

/** job -> part -> sha-256 */
type Fingerprints = Record<string, Record<string, string>>;

const golden = JSON.parse(
  readFileSync(join(root, "test", "golden", "platform.json"), "utf8"),
) as Fingerprints;

const native = nativeStatus();
if (!native.available) console.warn(`native kernels are not tested: ${native.reason}`);

async function runJobs(args: readonly string[], flags: readonly string[] = []): Promise<Fingerprints> {
  const child = spawn(process.execPath, [...flags, join(root, "test", "platform", "run-jobs.js"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`run-jobs.js ended with ${String(code)}: ${stderr}`);
  return JSON.parse(stdout) as Fingerprints;
}

// What differs from test/golden/platform.json computes other bits than the commit that wrote it. If that is
// meant, `npm run golden` (docs/platforms.md).
describe("training, evaluation and prediction give the committed bits", () => {
  it("in this engine", async () => {
    expect(await runJobs([])).toEqual(golden);
  });
  it("in three worker threads at once", async () => {
    expect(await runJobs(["--workers", "3"])).toEqual(golden);
  });
  it("interrupted after an epoch and resumed", async () => {
    expect(await runJobs(["--resume"])).toEqual(golden);
  });
  it("from code that was not optimised", async () => {
    expect(await runJobs([], ["--no-opt", "--liftoff-only"])).toEqual(golden);
  });
  it.skipIf(process.arch !== "x64")("without the processor's wide vectors", async () => {
    expect(await runJobs([], ["--no-enable-avx"])).toEqual(golden);
  });
  it("with three threads", async () => {
    expect(await runJobs(["--threads", "3"])).toEqual(golden);
  });
  it.skipIf(!native.available)("on native kernels, with one thread and with three", async () => {
    expect(await runJobs(["--backend", "native", "--threads", "1"])).toEqual(golden);
    expect(await runJobs(["--backend", "native", "--threads", "3"])).toEqual(golden);
  });
});
