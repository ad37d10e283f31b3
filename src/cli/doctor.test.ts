import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { fixtureFolder } from "../encoders/testing/family-fixture.js";
import { media as kinds } from "../features/registry.js";
import { nativeStatus } from "../tensor/backends/native/index.js";
import { diagnose } from "./doctor.js";
import { main } from "./main.js";

async function run(args: readonly string[]): Promise<{ code: number; stdout: string }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let text = "";
  stdout.on("data", (piece: Buffer) => (text += piece.toString()));
  stderr.resume();
  const code = await main(["doctor", ...args], { stdin, stdout, stderr, env: {} });
  return { code, stdout: text };
}

describe("euar doctor", () => {
  it("looks at the machine and at every kind of medium", async () => {
    const { machine, media } = await diagnose();
    expect(machine.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "node",
        "backend",
        "memory",
        "ffmpeg",
        "ffprobe",
        "threads",
        "GPU",
        "encoders",
      ]),
    );
    const status = nativeStatus();
    expect(machine.find(({ name }) => name === "native kernels")?.found).toContain(
      status.available ? status.path : status.reason,
    );
    expect(media.map(({ kind }) => kind)).toEqual(Object.keys(kinds));
    expect(machine.find(({ name }) => name === "node")).toMatchObject({ ok: true, found: process.version });
    for (const { ok, remedy } of [...machine, ...media]) expect(remedy === null).toBe(ok);
  });

  it("names the encoders of the store and the downloaded models, each with their folder", async () => {
    const store = mkdtempSync(join(tmpdir(), "euar-doctor-"));
    try {
      vi.stubEnv("EUAR_ENCODERS", store);
      vi.stubEnv("EUAR_MODELS", join(store, "none"));
      cpSync(fixtureFolder("bert"), join(store, "small"), { recursive: true });
      const { machine } = await diagnose();
      const foundOf = (what: string): string | undefined => machine.find(({ name }) => name === what)?.found;
      expect(foundOf("encoders")).toBe(`small in ${store}`);
      expect(foundOf("downloaded models")).toBe(`none in ${join(store, "none")}`);
    } finally {
      vi.unstubAllEnvs();
      rmSync(store, { recursive: true });
    }
  });

  it("prints one object under --json, and a table with every check otherwise", async () => {
    const json = await run(["--json"]);
    expect(json.code).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({ machine: expect.any(Array) as unknown });
    const plain = await run([]);
    expect(plain.code).toBe(0);
    for (const word of ["node", "threads", "image/mobilenet-v2-mid", "audio/covarep"])
      expect(plain.stdout).toContain(word);
  });

  it("fails if a required medium cannot be read", async () => {
    const { media } = await diagnose();
    const before = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    try {
      const { code, stdout } = await run(["--media", "audio", "--json"]);
      expect(code).toBe(8);
      expect(stdout).toContain("ffmpeg, ffprobe");
      const { code: texts } = await run(["--media", "text"]);
      expect(texts).toBe(media.find(({ kind }) => kind === "text")?.ok === true ? 0 : 8);
    } finally {
      process.env["PATH"] = before;
    }
  });
});
