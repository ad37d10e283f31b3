import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../run-euar.js";

/** Parts of the source whose docstrings follow CONTRIBUTING.md ("Words"). Add a part once it does. */
const PLAIN = [
  ...["cli", "core", "encoders", "evaluate", "experiments", "export", "features", "metrics", "nn"],
  ...["onnx", "protocols", "report", "runs", "tensor", "train"],
];
/** Parts whose lines have at most 110 columns. */
const NARROW = ["evaluate", "features", "metrics", "nn", "protocols"];
const BANNED = /^(?:Of|What|As|Whether)\b/;
const TAG_INSIDE = /\S.* @(?:param|returns|throws)\b/;
const LONGEST_LINE = 110;

function filesOf(part: string): string[] {
  return readdirSync(join(root, "src", part), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join("src", part, name));
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
    const bad = PLAIN.flatMap(filesOf).flatMap((file) =>
      docstrings(readFileSync(join(root, file), "utf8")).flatMap((lines) =>
        [
          ...lines.slice(0, 1).filter((line) => BANNED.test(line)),
          ...lines.filter((line) => TAG_INSIDE.test(line)),
        ].map((line) => `${file}: ${line}`),
      ),
    );
    expect(bad).toEqual([]);
  });

  it("lines have at most 110 columns, but for data in tests", () => {
    const long = NARROW.flatMap(filesOf)
      .filter((file) => !file.endsWith(".test.ts"))
      .flatMap((file) =>
        readFileSync(join(root, file), "utf8")
          .split("\n")
          .flatMap((line, i) => (line.length > LONGEST_LINE ? [`${file}:${i + 1}`] : [])),
      );
    expect(long).toEqual([]);
  });
});
