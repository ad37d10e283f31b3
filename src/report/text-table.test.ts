import { expect, it } from "vitest";
import { textTable } from "./text-table.js";

it("pads columns, also of more rows than a call can have arguments", () => {
  const rows = Array.from({ length: 300_000 }, (_, i) => [String(i), "x"]);
  const columns = [{ heading: "n", numeric: true }, { heading: "letter" }];
  const lines = textTable({ caption: "made", columns, rows }).split("\n");
  expect(lines).toHaveLength(300_003);
  expect(lines[3]).toBe("     0  x");
  expect(lines.at(-1)).toBe("299999  x");
});
