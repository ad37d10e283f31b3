import { expect, test } from "vitest";
import { layAllOver, layOver, leavesOf, optionAt, optionsOf } from "./nested-options.js";

test.each([
  ["parts are merged", { a: { b: 1, c: 2 } }, { a: { c: 3 } }, { a: { b: 1, c: 3 } }],
  ["lists are replaced", { a: [1, 2] }, { a: [3] }, { a: [3] }],
  ["undefined counts as left out", { a: { b: 1 } }, { a: { b: undefined }, c: undefined }, { a: { b: 1 } }],
  ["null makes a part absent", { a: { b: 1 } }, { a: null }, { a: null }],
  ["an option makes an absent part present", { a: null }, { a: { b: 1 } }, { a: { b: 1 } }],
  [
    "another kind replaces a part",
    { encoder: { kind: "sequence", layers: 2 } },
    { encoder: { kind: "mean" } },
    { encoder: { kind: "mean" } },
  ],
  [
    "the same kind does not",
    { encoder: { kind: "sequence", layers: 2, heads: 4 } },
    { encoder: { kind: "sequence", heads: 1 } },
    { encoder: { kind: "sequence", layers: 2, heads: 1 } },
  ],
  [
    "nor does a part without a kind",
    { encoder: { kind: "sequence", layers: 2 } },
    { encoder: { layers: 1 } },
    { encoder: { kind: "sequence", layers: 1 } },
  ],
])("layOver: %s", (_, under, over, expected) => {
  expect(layOver(under, over)).toEqual(expected);
});

test("layAllOver: later options win, and undefined ones change nothing", () => {
  const merged = layAllOver({ a: { b: 1, c: 1 } }, { a: { b: 2, d: 2 } }, undefined, { a: { b: 3 } });
  expect(merged).toEqual({ a: { b: 3, c: 1, d: 2 } });
});

test("a key named __proto__ stays a key", () => {
  const over = JSON.parse('{"a": {"__proto__": {"polluted": true}}}') as Record<string, unknown>;
  const merged = layOver({ a: { b: 1 } }, over);
  expect(leavesOf(merged)).toEqual([
    ["a.b", 1],
    ["a.__proto__.polluted", true],
  ]);
  expect(optionAt(merged, "polluted")).toBeUndefined();
  expect(optionAt({}, "constructor.name")).toBeUndefined();
});

test("paths lead to values and back", () => {
  const options = { a: { b: { c: 1 }, d: null }, e: [2] };
  expect(leavesOf(options)).toEqual([
    ["a.b.c", 1],
    ["a.d", null],
    ["e", [2]],
  ]);
  expect(optionAt(options, "a.b.c")).toBe(1);
  expect(optionAt(options, "a.d.x")).toBeUndefined();
  expect(leavesOf(options).reduce((all, [path, value]) => layOver(all, optionsOf(path, value)), {})).toEqual(
    options,
  );
});
