import { describe, expect, it } from "vitest";
import { editDistance, nearest, suggestion } from "./nearest.js";

describe("editDistance", () => {
  it.each([
    ["", "", 0],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["experts", "exprets", 1],
    ["ab", "ba", 1],
  ])("%s -> %s is %i", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});

describe("nearest", () => {
  const keys = ["experts", "epochs", "topK", "learningRate", "batchSize"];
  it.each([
    ["exprets", "experts"],
    ["expert", "experts"],
    ["topk", "topK"],
    ["learning-rate", "learningRate"],
    ["learn", "learningRate"],
  ])("%s -> %s", (word, match) => {
    expect(nearest(word, keys)).toBe(match);
  });
  it("returns undefined if no candidate is close", () => {
    expect(nearest("zzzzzz", keys)).toBeUndefined();
    expect(nearest("", keys)).toBeUndefined();
    expect(nearest("x", [])).toBeUndefined();
  });
  it("does not spend long on a very long word", () => {
    const start = process.cpuUsage(); // processor time, because wall time depends on other processes
    nearest("e".repeat(1_000_000), keys);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(1);
  });
});

describe("suggestion", () => {
  it("lists the candidates if none is close", () => {
    expect(suggestion("qqqq", ["b", "a"])).toBe("Known: a, b.");
    expect(suggestion("alpah", ["alpha", "beta"])).toBe('Did you mean "alpha"?');
  });
});
