import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { codeOf } from "../../core/testing/code-of.js";
import { openReadStream } from "./open-read-stream.js";
import { readSmallFile, readSmallText, SMALL_FILE } from "./read-small-file.js";

const folder = mkdtempSync(join(tmpdir(), "euar-small-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

describe("readSmallFile and readSmallText", () => {
  it("read bytes, and text without its byte order mark", () => {
    const path = file("a", "\ufeffgrüße");
    expect(readSmallText(path)).toBe("grüße");
    expect(readSmallFile(path)).toHaveLength(10);
    expect(readSmallText(file("empty", ""))).toBe("");
  });

  it("read UTF-16 with a byte order mark, and name the line of text in another encoding", () => {
    expect(readSmallText(file("wide", Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0)))).toBe("{}");
    const odd = file("b", Uint8Array.of(0x22, 10, 0xe9));
    expect(codeOf(() => readSmallText(odd))).toBe("data.format");
    expect(() => readSmallText(odd)).toThrow("line 2: it is not valid UTF-8");
  });

  it("refuse a file above the limit before they read it", () => {
    const path = file("giant", "");
    truncateSync(path, 3 * 2 ** 30);
    const before = process.memoryUsage().rss;
    expect(codeOf(() => readSmallFile(path))).toBe("data.format");
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 26);
    truncateSync(path, SMALL_FILE + 1);
    expect(codeOf(() => readSmallFile(path))).toBe("data.format");
    expect(codeOf(() => readSmallFile(file("ten", "0123456789"), { limit: 9 }))).toBe("data.format");
  });
});

describe.each([
  ["readSmallFile", readSmallFile],
  ["openReadStream", openReadStream],
])("%s", (_, read) => {
  it("refuses a file that is not regular instead of waiting for it", () => {
    const fifo = join(folder, `fifo-${read.name}`);
    expect(spawnSync("mkfifo", [fifo]).status).toBe(0);
    for (const path of [fifo, folder, "/dev/zero", "/dev/null"])
      expect(
        codeOf(() => read(path)),
        path,
      ).toBe("data.format");
  });

  it("names devices that cannot be found or opened", () => {
    const [a, b] = [join(folder, `a-${read.name}`), join(folder, `b-${read.name}`)];
    symlinkSync(a, b);
    symlinkSync(b, a);
    for (const path of [a, join(folder, "none"), join(folder, "x\0y"), join(folder, "n".repeat(5000))])
      expect(
        codeOf(() => read(path)),
        path,
      ).toBe("data.not-found");
  });
});
