import { expect, it } from "vitest";
import { unbrokenCell } from "./unbroken-cell.js";

it("lets a line break before an interval and before a p-value, but not inside them", () => {
  const lines = (cell: string): string[] => unbrokenCell(cell).split(" ");
  expect(lines("+0.224 (+0.118 to +0.355), p < 0.001")).toEqual([
    "+0.224",
    "(+0.118\u00a0to\u00a0+0.355),",
    "p\u00a0<\u00a00.001",
  ]);
  expect(lines("0.289 ± 0.012")).toHaveLength(1);
  expect(lines("a plain text to read")).toHaveLength(5);
});
