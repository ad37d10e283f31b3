import { describe, expect, it } from "vitest";
import { codeOf } from "../../core/testing/code-of.js";
import { parseTable } from "./table.js";

describe("JSON lines", () => {
  it("refuses a key that a line has twice", () => {
    expect(() => parseTable('{"a":1}\n{"a":1,"a":2}', "t.jsonl")).toThrow(/line 2.*"a" occurs twice/);
    expect(codeOf(() => parseTable('{"a":1,"a":2}', "t.jsonl"))).toBe("data.format");
  });
});

describe("CSV", () => {
  it("reads quotes, commas, line ends and empty fields", () => {
    const table = parseTable('a,b\r\n"x, ""y""\nz",1\n,\n"",2', "t.csv");
    expect(table.column("a")).toEqual(['x, "y"\nz', "", ""]);
    expect(table.column("b")).toEqual(["1", "", "2"]);
    expect(parseTable("a,b\n1,", "t.csv").column("b")).toEqual([""]);
  });

  it("refuses a row of millions of fields before it has read them", () => {
    const millions = ",".repeat(3_000_000);
    expect(() => parseTable(`a,b\n${millions}`, "t.csv")).toThrow(/row 1: it has 100003 fields/);
    expect(() => parseTable(millions, "t.csv")).toThrow(/row 0: it has 200001 fields/);
    expect(() => parseTable("a,b\n1,2,3", "t.csv")).toThrow(/row 1: 3 fields, but the header has 2/);
  });

  it.each(['a\n"x', 'a\n"x"y', 'a\nx"y', 'a\n"x""', "a\rb"])("refuses %j", (text) => {
    expect(codeOf(() => parseTable(text, "t.csv"))).toBe("data.format");
  });

  it.each([
    ["plain", "x".repeat(20_000_000), 20_000_000],
    ["quoted", `"${"x".repeat(20_000_000)}"`, 20_000_000],
    ["of quotes", `"${'""'.repeat(10_000_000)}"`, 10_000_000],
  ])("reads a field of millions of characters, %s", (_, field, length) => {
    expect(parseTable(`a\n${field}\n`, "t.csv").column("a")[0]).toHaveLength(length);
  });
});
