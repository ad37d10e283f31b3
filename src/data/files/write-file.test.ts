import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codeOf } from "../../core/testing/code-of.js";
import { appendToFile, createFile, isUnfinished, writeFile } from "./write-file.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "euar-write-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("writeFile", () => {
  it("writes text and bytes, replaces, and leaves nothing else in the folder", () => {
    const path = join(folder, "a");
    writeFile(path, "é".repeat(100_000));
    expect(readFileSync(path, "utf8")).toBe("é".repeat(100_000));
    writeFile(path, Uint8Array.of(1, 2, 3).subarray(1));
    expect([...readFileSync(path)]).toEqual([2, 3]);
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  it("follows a symbolic link and keeps the permissions", () => {
    const [real, link] = [join(folder, "real"), join(folder, "link")];
    writeFileSync(real, "old");
    chmodSync(real, 0o640);
    symlinkSync(real, link);
    writeFile(link, "new");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, "utf8")).toBe("new");
    expect(statSync(real).mode & 0o777).toBe(0o640);
  });

  it.each([
    ["a folder that does not exist", () => join(folder, "none", "a")],
    ["a folder of that name", () => folder],
    ["a name with a zero byte", () => join(folder, "a\0b")],
    ["a name of 5,000 letters", () => join(folder, "a".repeat(5000))],
  ])("refuses %s with io.write", (_, path) => {
    expect(
      codeOf(() => {
        writeFile(path(), "x");
      }),
    ).toBe("io.write");
    expect(
      codeOf(() => {
        appendToFile(path(), "x");
      }),
    ).toBe("io.write");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("refuses a loop of links", () => {
    symlinkSync(join(folder, "b"), join(folder, "a"));
    symlinkSync(join(folder, "a"), join(folder, "b"));
    mkdirSync(join(folder, "c"));
    expect(
      codeOf(() => {
        writeFile(join(folder, "a", "x"), "x");
      }),
    ).toBe("io.write");
  });
});

describe("createFile", () => {
  it("creates a file once", () => {
    const path = join(folder, "lock");
    expect([createFile(path, "first"), createFile(path, "second")]).toEqual([true, false]);
    expect(readFileSync(path, "utf8")).toBe("first");
  });
});

describe("isUnfinished", () => {
  it("knows the temporary names of a file, and no others", () => {
    const path = join(folder, "weights");
    writeFile(path, "whole");
    expect(existsSync(path)).toBe(true);
    expect(isUnfinished("weights.123-0-7.tmp", "weights")).toBe(true);
    expect(isUnfinished("weights.3141592", "weights")).toBe(true);
    for (const name of ["weights", "weights.tmp", "weights.bak", "other.1-0-1.tmp", "weights.1-0-1.tmp.txt"])
      expect(isUnfinished(name, "weights")).toBe(false);
  });
});
