import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Io } from "./io.js";
import { main } from "./main.js";

const root = mkdtempSync(join(tmpdir(), "euar-corrupt-media-"));
const [table, protocol] = [join(root, "tweets.tsv"), join(root, "protocol.json")];
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

interface Answer {
  readonly error?: { readonly code: string; readonly message: string };
  readonly conditions?: readonly { readonly condition: string; readonly corrupted: Record<string, number> }[];
  readonly condition?: string;
}

/** Corrupts the texts of the table. */
async function corrupt(...args: readonly string[]): Promise<Answer> {
  const stdout = new PassThrough();
  let text = "";
  stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const io: Io = { stdin: new PassThrough(), stdout, stderr: new PassThrough(), env: {} };
  await main(["corrupt", table, "--media", "text=text:text", ...args, "--json"], io);
  return JSON.parse(text) as Answer;
}

beforeAll(() => {
  const rows = Array.from({ length: 12 }, (_, n) => [
    `id${n}`,
    n < 6 ? "test" : n < 9 ? "train" : "valid",
    `${n % 3}`,
    "one two three four five six seven eight",
  ]);
  writeFileSync(table, [["id", "split", "label", "text"], ...rows].map((row) => row.join("\t")).join("\n"));
  const conditions = [
    { name: "clean" },
    { name: "lost/half", damage: "text=blank-words:0.5" },
    { damage: "text=truncated:0.9" },
  ];
  writeFileSync(protocol, JSON.stringify({ format: "euar-protocol/1", name: "words", seed: 4, conditions }));
});

describe("euar corrupt with a protocol for raw media", () => {
  it("refuses conditions that would share a folder, before it writes one", async () => {
    const [out, twins] = [join(root, "twins"), join(root, "twins.json")];
    const conditions = ["a/b", "a b"].map((name) => ({ name, damage: "text=blank-words:0.5" }));
    writeFileSync(twins, JSON.stringify({ format: "euar-protocol/1", name: "twins", seed: 4, conditions }));
    const { error } = await corrupt("--protocol", twins, "--out", out);
    expect(error?.code).toBe("config.invalid");
    expect(error?.message).toContain('"a/b" and "a b"');
    expect(existsSync(out)).toBe(false);
    await corrupt("--protocol", twins, "--condition", "a b", "--out", out);
    expect(existsSync(out)).toBe(true);
  });
  it("writes a copy for each condition, with its manifest", async () => {
    const out = join(root, "all");
    const { conditions } = await corrupt("--protocol", protocol, "--out", out);
    expect(conditions?.map(({ condition, corrupted }) => [condition, corrupted["text"] ?? 0])).toEqual([
      ["clean", 0],
      ["lost/half", 6],
      ["text=truncated:0.9", 6],
    ]);
    const manifest = readFileSync(join(out, "lost-half", "manifest.jsonl"), "utf8")
      .trim()
      .split("\n");
    expect(manifest).toHaveLength(6);
    expect(JSON.parse(manifest[0] ?? "")).toMatchObject({ kind: "blank-words", severity: 0.5, seed: 4 });
    expect(existsSync(join(out, "text-truncated-0.9", "tweets.jsonl"))).toBe(true);
    expect(readFileSync(join(out, "lost-half", "tweets.jsonl"), "utf8")).toContain("_");
  });

  it("writes the copy of one condition as --damage with its seed does", async () => {
    const [one, other] = [join(root, "one"), join(root, "other")];
    const answer = await corrupt("--protocol", protocol, "--condition", "lost/half", "--out", one);
    expect(answer.condition).toBe("lost/half");
    await corrupt("--damage", "text=blank-words:0.5", "--seed", "4", "--out", other);
    const texts = [one, other].map((folder) => readFileSync(join(folder, "tweets.jsonl"), "utf8"));
    expect(texts[0]).toBe(texts[1]);
  });

  it("refuses an unknown condition, and options that the protocol determines", async () => {
    const unknown = await corrupt("--protocol", protocol, "--condition", "clen", "--out", join(root, "none"));
    expect(unknown.error?.message).toContain('no condition "clen"');
    const seed = await corrupt("--protocol", protocol, "--seed", "1", "--out", join(root, "none"));
    expect(seed.error).toMatchObject({ code: "config.conflict" });
    const features = await corrupt("--protocol", "spectrum", "--out", join(root, "none"));
    expect(features.error?.message).toContain("media has no effect without --damage");
    expect(existsSync(join(root, "none"))).toBe(false);
  });
});
