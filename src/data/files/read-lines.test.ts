import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { readLines } from "./read-lines.js";

async function linesOf(chunks: readonly (Uint8Array | string)[], limit?: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), "in", limit))
    lines.push("error" in line ? `${line.error.code} ${line.error.message}` : line.text);
  return lines;
}

describe("readLines", () => {
  it("finds the same lines however the bytes arrive", async () => {
    const bytes = Buffer.from("\ufeffeins\r\nzw\u00f6lf\n\n{}\nlast");
    for (const size of [1, 2, 3, 7, 100]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      expect(await linesOf(chunks), `chunks of ${size}`).toEqual(["eins", "zw\u00f6lf", "", "{}", "last"]);
    }
    expect(await linesOf([])).toEqual([]);
    expect(await linesOf(["a\n"])).toEqual(["a"]);
  });

  it("gives an error with the number of a line that is too long or not UTF-8, and continues", async () => {
    expect(await linesOf(["ok\n", "123456", "789", "10\nnext\n"], 8)).toEqual([
      "ok",
      "data.format in, line 2: longer than 8 bytes",
      "next",
    ]);
    expect(await linesOf(["ok\n", Uint8Array.of(0x22, 0xff, 0x22, 10), "next"])).toEqual([
      "ok",
      "data.format in, line 2: not valid UTF-8",
      "next",
    ]);
  });
});
