import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exitCodes } from "../../src/cli/exit-codes.js";

const root = new URL("../../", import.meta.url);
const docs = readFileSync(new URL("docs/errors.md", root), "utf8");
const source = readFileSync(new URL("src/core/errors.ts", root), "utf8");

describe("docs/errors.md", () => {
  it("explains every error code, and no other", () => {
    const union = source.slice(
      source.indexOf("export type ErrorCode"),
      source.indexOf("export interface ErrorDetails"),
    );
    const codes = [...union.matchAll(/"([a-z.-]+)"/g)].map((match) => match[1]);
    const explained = [...docs.slice(docs.indexOf("## Error codes")).matchAll(/^\| `([a-z.-]+)`/gm)].map(
      (match) => match[1],
    );
    expect(codes.length).toBeGreaterThan(15);
    expect([...explained].sort()).toEqual([...codes].sort());
  });
  it("has the exit code of every family", () => {
    for (const [family, code] of Object.entries(exitCodes)) {
      const line = docs.split("\n").find((text) => text.startsWith(`| ${code} `));
      expect(line, family).toContain(`\`${family}\``);
    }
  });
});
