import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("..", import.meta.url);
const text = readFileSync(new URL("docs/paper-map.md", root), "utf8");

test("every file that docs/paper-map.md names exists", () => {
  const files = [...text.matchAll(/`((?:src|test|scripts|docs)\/[^`]*)`/g)].map(([, file]) => file ?? "");
  expect(files.length).toBeGreaterThan(40);
  expect(files.filter((file) => !existsSync(new URL(file, root)))).toEqual([]);
});

test("every test title that docs/paper-map.md names stands in the file that it is named with", () => {
  let checked = 0;
  for (const [, file = "", titles = ""] of text.matchAll(/`([^`]*\.test\.ts)`: ((?:"[^"]*"(?:, )?)+)/g)) {
    const source = readFileSync(new URL(file, root), "utf8");
    for (const [, title = ""] of titles.matchAll(/"([^"]*)"/g)) {
      expect(source.includes(title), `${file}: ${title}`).toBe(true);
      checked++;
    }
  }
  expect(checked).toBeGreaterThan(20);
});

test("docs/paper-map.md has every equation from 1 to 12", () => {
  const numbered = [...text.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, list = ""]) =>
    list.split(", ").map(Number),
  );
  expect(numbered).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
});
