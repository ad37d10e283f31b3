import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerInterruption } from "./answer-interruption.js";
import { createContext } from "./context.js";
import type { Io } from "./io.js";
import { main } from "./main.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "euar-refusals-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function fakeIo(): Io & { readonly written: () => string } {
  const stdout = new PassThrough();
  let text = "";
  stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { stdin: new PassThrough(), stdout, stderr: new PassThrough(), env: {}, written: () => text };
}

async function errorOf(argv: readonly string[]): Promise<{ code: string; message: string; hint: string }> {
  const io = fakeIo();
  await main([...argv, "--json"], io);
  const { error } = JSON.parse(io.written()) as { error: { code: string; message: string; hint: string } };
  return error;
}

describe("an output inside of the data", () => {
  it("is refused by every command that reads data and writes", async () => {
    const data = join(folder, "data");
    mkdirSync(data);
    const commands = [
      ["train", "--data", data],
      ["sweep", "--data", data, "--space", join(folder, "none.json")],
      ["reproduce", "table1", "--data", data],
      ["corrupt", data, "--noise", "gaussian:1"],
      ["extract", data, "--text", "text/words"],
    ];
    for (const command of commands) {
      const { code, message } = await errorOf([...command, "--out", join(data, "inner")]);
      expect([command[0], code]).toEqual([command[0], "config.conflict"]);
      expect(message).toMatch(/itself, or lies in its folder/);
    }
  });
});

describe("a text that is not a path", () => {
  const broken = join("/tmp", "a\0b");
  it.each<[string, readonly string[]]>([
    ["input", ["extract", "", "--out", "out"]],
    ["input", ["align", broken]],
    ["encoder", ["encoders", "add", broken]],
    ["textEncoder", ["train", "--data", "synthetic", "--out", "out", "--text-encoder", broken]],
    ["protocol", ["evaluate", "--run", "run", "--data", "synthetic", "--protocol", broken]],
    ["clip", ["predict", "--run", "run", broken]],
  ])("is refused as %s", async (key, argv) => {
    const { code, message } = await errorOf(argv);
    expect(code).toBe("config.invalid");
    expect(message).toMatch(`: ${key} is `);
    expect(message).toMatch(/, which is not a path$/);
  });
});

describe("a pickle in place of JSON", () => {
  it.each(["--config", "--recipe", "--space", "--protocol"])("is named by %s", async (flag) => {
    const path = join(folder, "options.pkl");
    writeFileSync(path, Buffer.from([0x80, 4, 0x7d, 0x94, 0x2e]));
    const commands: Readonly<Record<string, readonly string[]>> = {
      "--config": ["train", "--data", "synthetic"],
      "--recipe": ["reproduce", "table1", "--data", "synthetic", "--out", join(folder, "a")],
      "--space": ["sweep", "--data", "synthetic", "--out", join(folder, "b")],
      "--protocol": ["evaluate", "--run", "none", "--data", "synthetic"],
    };
    const { code, message } = await errorOf([...(commands[flag] ?? []), flag, path]);
    expect(code).toMatch(/^(config|data)\./);
    expect(message).toMatch(/is a .*pickle.*, where a .* \(JSON\) was expected/);
  });
});

describe("Ctrl-C under --json", () => {
  it("gives one error document, unless the command ends in its own way", async () => {
    const io = fakeIo();
    const codes: number[] = [];
    const before = process.listeners("SIGINT").length;
    const release = answerInterruption(io, (code) => codes.push(code));
    const press = process.listeners("SIGINT")[before];
    const own = createContext(io, { json: true, quiet: true }).interruptible("Stopping.");
    press?.("SIGINT");
    await new Promise((resolve) => setImmediate(resolve));
    expect([io.written(), codes]).toEqual(["", []]);
    own.release();
    press?.("SIGINT");
    await new Promise((resolve) => setImmediate(resolve));
    release();
    expect(JSON.parse(io.written())).toMatchObject({ error: { code: "io.interrupted" } });
    expect(codes).toEqual([130]);
    expect(process.listeners("SIGINT")).toHaveLength(before);
  });
});
