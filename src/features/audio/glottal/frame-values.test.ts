import { describe, expect, it } from "vitest";
import { atFrames } from "./frame-values.js";

const instants = [
  { sample: 240, value: 1 },
  { sample: 400, value: 3 },
  { sample: 640, value: 6 },
];

describe("atFrames", () => {
  it("interpolates between instants, holds beyond them, and is 0 in unvoiced frames", () => {
    expect([...atFrames(instants, new Uint8Array([1, 1, 1, 0, 1, 1]))]).toEqual([1, 1, 2, 0, 6, 6]);
  });

  it("holds a single value, and is 0 without any", () => {
    expect([...atFrames(instants.slice(1, 2), new Uint8Array([1, 1, 0, 1]))]).toEqual([3, 3, 0, 3]);
    expect([...atFrames([], new Uint8Array([1, 1]))]).toEqual([0, 0]);
    expect(atFrames(instants, new Uint8Array(0))).toHaveLength(0);
  });
});
