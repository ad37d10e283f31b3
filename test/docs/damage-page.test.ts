import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CORRUPTION_KINDS } from "../../src/corruption/corruption.js";
import { pictureDamages } from "../../src/corruption/picture/picture-damages.js";
import { soundDamages } from "../../src/corruption/sound/sound-damages.js";
import { textDamages } from "../../src/corruption/text/text-damages.js";
import { videoDamages } from "../../src/corruption/video/video-damages.js";

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

type Kinds = Readonly<
  Record<
    string,
    { readonly unit: string; readonly summary: string; readonly amountAt: (s: number) => number }
  >
>;

function rowsOf(kinds: Kinds): string[][] {
  const rounded = (amount: number): string => String(Number(amount.toPrecision(2)));
  return Object.entries(kinds).map(([kind, { unit, summary, amountAt }]) => [
    kind,
    unit,
    rounded(amountAt(0.5)),
    rounded(amountAt(1)),
    summary,
  ]);
}

test.each<[string, Kinds]>([
  ["Sounds", soundDamages],
  ["Pictures", pictureDamages],
  ["Texts", textDamages],
])("the page lists every kind of corruption of %s, with its unit and amounts", (heading, kinds) => {
  expect(tableUnder(heading)).toEqual(rowsOf(kinds));
});

test("videos have the kinds of pictures, and those of the page's table", () => {
  const ofPictures: readonly string[] = Object.keys(pictureDamages).filter(
    (kind) => kind !== "wrong-picture",
  );
  const kinds = Object.entries(videoDamages);
  expect(kinds.map(([kind]) => kind).slice(0, ofPictures.length)).toEqual(ofPictures);
  expect(tableUnder("Videos")).toEqual(rowsOf(Object.fromEntries(kinds.slice(ofPictures.length))));
});
