import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FolderLock } from "./folder-lock.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "euar-lock-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("FolderLock", () => {
  it("excludes others until it is released, and leaves nothing behind", () => {
    const lock = FolderLock.take(folder);
    expect(() => FolderLock.take(folder)).toThrow(/being written by process/);
    expect(() => {
      FolderLock.check(folder);
    }).toThrow(/being written/);
    lock.release();
    expect(existsSync(join(folder, "run.lock"))).toBe(false);
    FolderLock.take(folder).release();
  });

  it("ignores the lock of an ended process, and of an earlier process with the same id", () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    for (const gone of [`${pid} ${hostname()}`, `${process.pid} ${hostname()}`, "", "nonsense"]) {
      writeFileSync(join(folder, "run.lock"), gone);
      FolderLock.take(folder).release();
    }
  });

  it("respects the lock of a running process, and of another machine", () => {
    for (const other of [`${process.ppid} ${hostname()}`, "123 elsewhere"]) {
      writeFileSync(join(folder, "run.lock"), other);
      expect(() => FolderLock.take(folder)).toThrow(/being written by process/);
    }
  });
});
