import { expect, it } from "vitest";
import { isPeriod, pulsesBetween } from "./pulses.js";

it("joins closures that are a period of 50 to 500 Hz apart", () => {
  expect(pulsesBetween([100, 200, 330, 900, 1000, 1020])).toEqual([
    { start: 100, end: 200 },
    { start: 200, end: 330 },
    { start: 900, end: 1000 },
  ]);
  expect(pulsesBetween([])).toEqual([]);
  expect(pulsesBetween([5])).toEqual([]);
  expect([31, 32, 320, 321].map(isPeriod)).toEqual([false, true, true, false]);
});
