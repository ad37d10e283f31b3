import { expect, it } from "vitest";
import { remembered } from "./remembered.js";

it("makes each value once", () => {
  const asked: number[] = [];
  const square = remembered((n) => {
    asked.push(n);
    return n * n;
  });
  expect([3, 4, 3, 3, 4].map(square)).toEqual([9, 16, 9, 9, 16]);
  expect(asked).toEqual([3, 4]);
});
