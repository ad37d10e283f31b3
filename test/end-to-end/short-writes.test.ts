import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { euar, root } from "../run-euar.js";

// A limit of file sizes and a full disk both cut a write short: the system call writes a part and says how
// much. Whoever ignores the count takes a cut file for a whole one.

const data = "synthetic:train=60,valid=20,test=20";
const training = ["train", "--data", data, "--model", "linear", "--epochs", "2", "--quiet"];
let folder = "";
let run = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "euar-short-"));
  run = join(folder, "run");
  expect(euar([...training, "--out", run]).code).toBe(0);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs a shell line under a limit of file sizes in KiB, with `node` and the built package at hand. */
function limited(kilobytes: number, line: string): Ended {
  const { status, stderr } = spawnSync("bash", ["-c", `ulimit -f ${kilobytes}; ${line}`], {
    cwd: folder,
    env: { ...process.env, EUAR: join(root, "bin", "euar.js"), DIST: join(root, "dist") },
    encoding: "utf8",
  });
  return { code: status, stderr };
}

function euarLimited(kilobytes: number, args: readonly string[]): Ended {
  return limited(kilobytes, `node "$EUAR" ${args.map((arg) => `'${arg}'`).join(" ")}`);
}

/** Runs statements of a module under a limit of 4 KiB; they see the exports of a module of the package. */
function moduleLimited(module: string, statements: string): Ended {
  const script = [
    `import * as m from ${JSON.stringify(join(root, "dist", module))};`,
    `const big = "x".repeat(10_000);`,
    `try { ${statements} } catch (error) { console.error(error.code, error.message); process.exit(9); }`,
  ].join("\n");
  return limited(4, `node --input-type=module -e '${script.replaceAll("'", `'\\''`)}'`);
}

/** Paths under a folder that are not whole: temporary files. */
function leftOvers(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => name.includes(".tmp"));
}

describe("under a limit of file sizes", () => {
  it("export --overwrite keeps the old model and fails with io.write", () => {
    const out = join(folder, "exported");
    expect(euar(["export", "--run", run, "--out", out, "--onnx", "--quiet"]).code).toBe(0);
    const before = readFileSync(join(out, "model.onnx"));
    const { code, stderr } = euarLimited(4, ["export", "--run", run, "--out", out, "--onnx", "--overwrite"]);
    expect(stderr).toContain("[io.write]");
    expect(stderr).toContain("model.onnx");
    expect(code).toBe(7);
    expect(readFileSync(join(out, "model.onnx")).equals(before)).toBe(true);
    expect(leftOvers(out)).toEqual([]);
  });

  it("train names the file that could not be written, and the same command ends well with more room", () => {
    const out = join(folder, "cut");
    const args = [...training, "--out", out];
    const { code, stderr } = euarLimited(4, args);
    expect(code).toBe(7);
    expect(stderr).toContain("[io.write]");
    expect(stderr).toContain("weights.safetensors");
    for (const name of ["checkpoint.safetensors", "weights.safetensors", "metrics.json"])
      expect(existsSync(join(out, name)), name).toBe(false);
    expect(leftOvers(out)).toEqual([]);
    expect(euar([...args, "--overwrite"]).code).toBe(0);
    expect(
      readFileSync(join(out, "weights.safetensors")).equals(readFileSync(join(run, "weights.safetensors"))),
    ).toBe(true);
  });

  it("corrupt leaves no partial output", () => {
    const { code, stderr } = euarLimited(1, ["corrupt", data, "--noise", "gaussian:1", "--out", "copy"]);
    expect(stderr).toContain("[io.write]");
    expect(code).toBe(7);
    expect(existsSync(join(folder, "copy"))).toBe(false);
    expect(leftOvers(folder)).toEqual([]);
  });

  it("a result on stdout that does not fit is a failure", () => {
    const { code, stderr } = limited(4, `node "$EUAR" train --print-schema > schema.json`);
    expect(stderr).toContain("[io.write]");
    expect(code).toBe(7);
  });

  it.each([
    ["writeFile", "data/files/write-file.js", `m.writeFile("f", "old"); m.writeFile("f", big);`, "f"],
    [
      "appendToFile",
      "data/files/write-file.js",
      `m.appendToFile("g", "old"); m.appendToFile("g", big);`,
      "g",
    ],
    [
      "writeWhole",
      "data/formats/write-whole.js",
      `await m.writeWhole("h", "old"); await m.writeWhole("h", Buffer.from(big));`,
      "h",
    ],
    [
      "NpyWriter",
      "data/formats/npy-writer.js",
      `const w = new m.NpyWriter("i", "|u1", [2]); w.row(new Uint8Array(2)); w.finish();
       const n = new m.NpyWriter("i", "|u1", [10_000]);
       try { n.row(new Uint8Array(10_000)); n.finish(); } finally { n.discard(); }`,
      "i",
    ],
  ])("%s says io.write and leaves the file as it was", (_, module, statements, file) => {
    const { code, stderr } = moduleLimited(module, statements);
    expect(stderr).toMatch(/^io\.write /);
    expect(code).toBe(9);
    const kept = readFileSync(join(folder, file), "latin1");
    expect(kept.length).toBeLessThan(200);
    expect(kept === "old" || kept.includes("NUMPY")).toBe(true);
    expect(leftOvers(folder)).toEqual([]);
  });

  it("the feature cache fails with io.write and keeps no entry", () => {
    const statements = `
      const values = { steps: 1, width: 4000, quality: { score: 1, measures: {}, problems: [] },
        times: new Float64Array(2), sequence: new Float32Array(4000), mask: new Uint8Array(1) };
      await new m.FeatureCache("cache").write("abcdef", values);`;
    const { code, stderr } = moduleLimited("features/feature-cache.js", statements);
    expect(stderr).toMatch(/^io\.write /);
    expect(code).toBe(9);
    expect(readdirSync(join(folder, "cache", "ab"))).toEqual([]);
  });
});

describe("on a full disk", () => {
  const small = mkdtempSync(join(tmpdir(), "euar-full-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=32k", "tmpfs", small]).status === 0;
  afterAll(() => {
    if (mounted) spawnSync("umount", [small]);
    rmSync(small, { recursive: true, force: true });
  });
  if (!mounted) console.warn("skipped: a full disk needs the right to mount a small tmpfs");

  it.skipIf(!mounted)("a run ends with io.write and leaves no cut file", () => {
    const out = join(small, "run");
    const { code, stderr } = euar([...training, "--out", out]);
    expect(stderr).toContain("[io.write]");
    expect(code).toBe(7);
    expect(existsSync(join(out, "metrics.json"))).toBe(false);
    const weights = (of: string): Buffer => readFileSync(join(of, "weights.safetensors"));
    if (existsSync(join(out, "weights.safetensors"))) expect(weights(out).equals(weights(run))).toBe(true);
    expect(leftOvers(out)).toEqual([]);
    rmSync(out, { recursive: true });
  });

  it.skipIf(!mounted)("an export keeps the old model", () => {
    const out = join(small, "export");
    mkdirSync(out);
    const old = "old model";
    writeFileSync(join(out, "model.onnx"), old);
    writeFileSync(join(small, "filling"), Buffer.alloc(20_000));
    const { code, stderr } = euar(["export", "--run", run, "--out", out, "--onnx", "--overwrite"]);
    expect(stderr).toContain("[io.write]");
    expect(code).toBe(7);
    expect(readFileSync(join(out, "model.onnx"), "utf8")).toBe(old);
    expect(leftOvers(out)).toEqual([]);
  });
});
