import { describe, expect, it } from "vitest";
import { wordTimes } from "./word-times.js";

const said = [
  { text: "I", start: 1, end: 1.2 },
  { text: "really", start: 1.2, end: 1.6 },
  { text: "like", start: 1.7, end: 2 },
  { text: "it", start: 2, end: 3 },
];

describe("wordTimes", () => {
  it("matches words whatever their case and punctuation", () => {
    expect(wordTimes(["“i", "REALLY,", "like", "it!”"], said)).toEqual(
      said.map(({ start, end }) => ({ start, end })),
    );
  });

  it("divides the time between neighbours among unmatched words", () => {
    const spans = wordTimes(["I", "do", "so", "like", "it"], said);
    expect(spans[1]).toEqual({ start: 1.2, end: 1.45 });
    expect(spans[2]).toEqual({ start: 1.45, end: 1.7 });
    expect(spans[3]).toEqual({ start: 1.7, end: 2 });
  });

  it("spreads words over the whole span if none has a time", () => {
    expect(wordTimes(["x", "y"], said)).toEqual([
      { start: 1, end: 2 },
      { start: 2, end: 3 },
    ]);
  });

  it("is empty without timed words", () => {
    expect(wordTimes(["x"], [])).toEqual([]);
  });

  it("never matches words without letters or digits, and never runs backwards", () => {
    const spans = wordTimes(["--", "it", "...", "--"], said);
    expect(spans[1]).toEqual({ start: 2, end: 3 });
    for (const { start, end } of spans) expect(end).toBeGreaterThanOrEqual(start);
  });
});
