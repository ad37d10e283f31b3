import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../run-euar.js";

/** Folders with docstrings that follow CONTRIBUTING.md ("Words"). */
const PLAIN = ["src", "studio/src"];
/** Folders whose code and pages have lines of at most 110 columns. */
const NARROW = [
  ...["bench", "bin", "configs", "docs", "examples", "kernels", "native", "scripts", "src", "studio", "test"],
];
/** What other programs wrote: their lines are as long as they are. */
const WRITTEN = /(?:^|\/)(?:node_modules|target|served|results)(?:\/|$)|\.generated\.|docs\/cli\.md$/;
const TEXT = /\.(?:ts|js|cjs|svelte|css|html|rs|toml|py|md)$/;
const BANNED = /^(?:Of|What|As|Whether|Where|Which|How|Who)\b/;
/** Words that make a reader stop, in comments and in texts for users. CONTRIBUTING.md has better ones. */
const ODD_PHRASES = new RegExp(
  "\\b(?:" +
    [
      ...["shall", "strangers?", "told", "beside", "anew", "nobody", "somebody", "anybody", "tells whether"],
      ...["as a whole or not at all", "as one writes it", "broke down", "go together", "hold together"],
      ...["(?<!there )is no (?:filter|model|name|network|number|object|pair)", "what was done"],
      ...["where there is none", "any that is free"],
    ].join("|") +
    ")\\b",
  "i",
);
const TAG_INSIDE = /\S.* @(?:param|returns|throws)\b/;
const LONGEST_LINE = 110;

function sourcesIn(folder: string): string[] {
  return textsIn(folder).filter((file) => /\.(?:ts|svelte)$/.test(file));
}

/** Returns the files of code and the pages in a folder. */
function textsIn(folder: string, recursive = true): string[] {
  return readdirSync(join(root, folder), { recursive, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => TEXT.test(file) && !WRITTEN.test(file));
}

function isTable(file: string, line: string): boolean {
  return file.endsWith(".md") && /^(?:\||!\[)/.test(line);
}

/** Lines of the docstrings of a file, without decoration, by docstring. */
function docstrings(text: string): string[][] {
  return Array.from(text.matchAll(/\/\*\*(.*?)\*\//gs), ([, body = ""]) =>
    body
      .split("\n")
      .map((line) => line.replace(/^\s*\* ?/, "").trim())
      .filter((line) => line !== ""),
  );
}

describe("words of the source", () => {
  it("docstrings begin with a verb or a thing, and each tag has its line", () => {
    const bad = PLAIN.flatMap(sourcesIn).flatMap((file) =>
      docstrings(readFileSync(join(root, file), "utf8")).flatMap((lines) =>
        [
          ...lines.slice(0, 1).filter((line) => BANNED.test(line)),
          ...lines.filter((line) => TAG_INSIDE.test(line)),
        ].map((line) => `${file}: ${line}`),
      ),
    );
    expect(bad).toEqual([]);
  });

  it("comments, messages and help have no odd phrases", () => {
    const found = PLAIN.flatMap(sourcesIn)
      .filter((file) => !/\.test\.ts$|\/testing\//.test(file))
      .flatMap((file) =>
        readFileSync(join(root, file), "utf8")
          .split("\n")
          .filter((line) => /^\s*(?:\/?\*|\/\/)|["`]/.test(line) && ODD_PHRASES.test(line))
          .map((line) => `${file}: ${line.trim()}`),
      );
    expect(found).toEqual([]);
  });

  it("pages have no odd phrases", () => {
    const pages = [...textsIn("docs"), ...textsIn(".", false)].filter((file) => file.endsWith(".md"));
    expect(pages.length).toBeGreaterThan(40);
    const found = pages.flatMap((file) =>
      readFileSync(join(root, file), "utf8")
        .split("\n")
        .filter((line) => ODD_PHRASES.test(line))
        .map((line) => `${file}: ${line}`),
    );
    expect(found).toEqual([]);
  });

  it("lines have at most 110 columns, but for tables and pictures in pages", () => {
    const files = [...NARROW.flatMap((folder) => textsIn(folder)), ...textsIn(".", false)];
    expect(files.length).toBeGreaterThan(1000);
    const long = files.flatMap((file) =>
      readFileSync(join(root, file), "utf8")
        .split("\n")
        .flatMap((line, i) =>
          line.length > LONGEST_LINE && !isTable(file, line) ? [`${file}:${i + 1}`] : [],
        ),
    );
    expect(long).toEqual([]);
  });
});
