import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { euar, euarInterrupted, jsonOf, type Outcome, root, withFolder } from "../run-euar.js";

const args = [
  "train",
  "--data",
  "synthetic:train=400,valid=40,test=40",
  "--epochs",
  "10",
  "--patience",
  "0",
  "--json",
];

/**
 * Interrupts a run after its second epoch. On a busy machine the signal may come when the run has ended: then
 * again.
 */
async function interruptedInTime(folder: string): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await euarInterrupted(
      [...args, "--out", "cut"],
      { file: join(folder, "cut", "history.jsonl"), lines: 2 },
      "SIGINT",
      folder,
    );
    if (outcome.code !== 0 || attempt === 5) return outcome;
    rmSync(join(folder, "cut"), { recursive: true });
  }
}

describe("Ctrl-C", () => {
  it("saves, says how to resume, and the resumed run equals an uninterrupted one", async () => {
    await withFolder(async (folder) => {
      const whole = jsonOf(euar([...args, "--out", "whole"], { cwd: folder }));
      const stopped = await interruptedInTime(folder);
      expect(stopped.code).toBe(130);
      expect(jsonOf(stopped)).toMatchObject({
        error: { code: "train.interrupted", hint: expect.stringContaining("--resume") as string },
      });
      expect(existsSync(join(folder, "cut", "checkpoint.safetensors"))).toBe(true);
      expect(existsSync(join(folder, "cut", "metrics.json"))).toBe(false);
      expect(jsonOf(euar(["inspect", "cut", "--json"], { cwd: folder }))).toMatchObject({
        state: "interrupted, can be resumed",
      });

      const again = euar([...args, "--out", "cut"], { cwd: folder });
      expect(jsonOf(again)).toMatchObject({
        error: { code: "config.conflict", hint: expect.stringContaining("--resume") as string },
      });
      const resumed = jsonOf(euar([...args, "--out", "cut", "--resume"], { cwd: folder }));
      expect(resumed.hash).toBe(whole.hash);
      expect(resumed.metrics).toEqual(whole.metrics);
      for (const file of ["weights.safetensors", "history.jsonl", "predictions-test.jsonl"]) {
        expect(
          readFileSync(join(folder, "cut", file)).equals(readFileSync(join(folder, "whole", file))),
          file,
        ).toBe(true);
      }
      expect(existsSync(join(folder, "cut", "checkpoint.safetensors"))).toBe(false);
    });
  });
});

describe("a reader that goes away", () => {
  it("ends the command quietly", async () => {
    const child = spawn(process.execPath, [join(root, "bin", "euar.js"), "train", "--print-schema"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    expect(code).toBe(0);
    expect(stderr).toBe("");
  });
});
