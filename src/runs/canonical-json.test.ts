import { expect, it } from "vitest";
import { canonicalJson, shortFloat } from "./canonical-json.js";

it("does not depend on the order of keys", () => {
  expect(canonicalJson({ b: [1, { d: null, c: "ü\n" }], a: true })).toBe(
    '{"a":true,"b":[1,{"c":"ü\\n","d":null}]}',
  );
  expect(canonicalJson({ a: 1, b: undefined })).toBe(canonicalJson({ a: 1 }));
});

it("refuses values that JSON cannot express", () => {
  expect(() => canonicalJson({ a: NaN })).toThrow(/NaN/);
  expect(() => canonicalJson([undefined])).toThrow(/undefined/);
  expect(() => canonicalJson(() => 1)).toThrow(/function/);
});

it("prints float32 numbers without losing a bit", () => {
  expect(shortFloat(Math.fround(0.3))).toBe(0.3);
  for (let i = 0; i < 1000; i++) {
    const value = Math.fround(Math.sqrt(i) * 1e-3 - 0.01);
    expect(Math.fround(shortFloat(value))).toBe(value);
  }
  expect(shortFloat(NaN)).toBeNaN();
});
