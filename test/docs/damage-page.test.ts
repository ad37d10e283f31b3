import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CORRUPTION_KINDS } from "../../src/corruption/corruption.js";

const page = readFileSync("docs/damage.md", "utf8");

/** Returns the cells of the table below a heading, without its head. */
function tableUnder(heading: string): string[][] {
  const [, rest = ""] = page.split(`\n## ${heading}\n`);
  const [section = ""] = rest.split("\n## ");
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("`", "")),
    );
}

test("the page lists every kind of corruption of features, with its unit and largest amount", () => {
  expect(tableUnder("Features").map((cells) => cells.slice(0, 3))).toEqual(
    Object.entries(CORRUPTION_KINDS).map(([kind, { unit, most }]) => [kind, unit, String(most)]),
  );
});
