import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openFileSource, withFileSource } from "./file-source.js";

const folder = mkdtempSync(join(tmpdir(), "euar-source-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const file = join(folder, "ten.bin");
writeFileSync(
  file,
  Uint8Array.from({ length: 10 }, (_, i) => i),
);

describe("openFileSource", () => {
  it("reads any range", () => {
    withFileSource(file, (source) => {
      expect(source.size).toBe(10);
      expect(Array.from(source.read(3, 4))).toEqual([3, 4, 5, 6]);
      expect(Array.from(source.read(0, 0))).toEqual([]);
    });
  });

  it("fills a part of an array", () => {
    withFileSource(file, (source) => {
      const into = new Uint8Array(6);
      source.readInto?.(3, into.subarray(1, 5));
      expect(Array.from(into)).toEqual([0, 3, 4, 5, 6, 0]);
      expect(() => source.readInto?.(8, into)).toThrow(/6 bytes were expected at byte 8/);
    });
  });

  it("refuses a range outside the file, naming both", () => {
    withFileSource(file, (source) => {
      expect(() => source.read(8, 3)).toThrow(
        expect.objectContaining({
          code: "data.truncated",
          message: expect.stringMatching(/3 bytes were expected at byte 8.* ends at byte 10/) as string,
        }) as Error,
      );
    });
  });

  it("notices a file that becomes shorter while it is read", () => {
    const shrinking = join(folder, "shrinking.bin");
    writeFileSync(shrinking, new Uint8Array(100));
    withFileSource(shrinking, (source) => {
      truncateSync(shrinking, 50);
      expect(() => source.read(0, 100)).toThrow(/only 50 were read/);
    });
  });

  it("explains a missing file and a folder", () => {
    expect(() => openFileSource(join(folder, "none"))).toThrow(
      expect.objectContaining({ code: "data.not-found" }) as Error,
    );
    expect(() => openFileSource(folder)).toThrow(expect.objectContaining({ code: "data.format" }) as Error);
  });
});
