import { describe, expect, it } from "vitest";
import { randomKey } from "../../core/random.js";
import { codeOf } from "../../core/testing/code-of.js";
import { type MediaDamage, WHOLE } from "../media-damage.js";
import type { Text } from "./text-damage.js";
import { textDamages } from "./text-damages.js";

const own =
  "I really loved this movie, and their story is great!  The actor was\nvery funny; we laughed for two " +
  "hours.";
const other = "Nobody told me how slow and awful the second half of that book would be.";
const kinds = Object.entries<MediaDamage<Text>>(textDamages);

function damaged(
  kind: MediaDamage<Text>,
  severity: number,
  { seed = 1, span = WHOLE, text = own } = {},
): string {
  return kind.apply({ text }, severity, { key: randomKey(seed, "test"), span, other: { text: other } }).text;
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/** Number of insertions, deletions and replacements between two lists. */
function distance(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, left] of a.entries()) {
    const next = [i + 1];
    for (const [j, right] of b.entries())
      next.push(
        Math.min((row[j] ?? NaN) + Number(left !== right), (row[j + 1] ?? NaN) + 1, (next[j] ?? NaN) + 1),
      );
    row = next;
  }
  return row[b.length] ?? NaN;
}

/** Number of words that are not in their place. */
function displaced(changed: string): number {
  const words = wordsOf(changed);
  return wordsOf(own).filter((word, i) => words[i] !== word).length;
}

describe.each(kinds)("%s", (name, kind) => {
  it("changes nothing at severity 0, and more at a larger one", () => {
    const medium = { text: own };
    expect(kind.apply(medium, 0, { key: randomKey(1, "test"), span: WHOLE })).toBe(medium);
    for (const seed of [1, 2, 3]) {
      const distances = [0.2, 0.5, 1].map((severity) => {
        const changed = damaged(kind, severity, { seed });
        // a word that takes the place of its neighbour is nearer to the original by letters
        return name === "replace-words" ? displaced(changed) : distance(Array.from(own), Array.from(changed));
      });
      expect(distances).toEqual([...distances].sort((a, b) => a - b));
      expect(distances[2]).toBeGreaterThan(distances[0] ?? NaN);
    }
    expect(medium.text).toBe(own);
  });

  it("gives the same text for the same key", () => {
    expect(damaged(kind, 0.6)).toBe(damaged(kind, 0.6));
  });

  it("does not change the words outside the span", () => {
    const changed = damaged(kind, 1, { span: { start: 0.5, end: 1 } });
    const words = wordsOf(own);
    const half = words.slice(0, Math.round(words.length / 2));
    expect(wordsOf(changed).slice(0, half.length)).toEqual(half);
    expect(changed).not.toBe(own);
  });

  it("takes an empty text, one word and a text without letters", () => {
    for (const text of ["", "so", "?! 7"]) expect(typeof damaged(kind, 1, { text })).toBe("string");
  });

  it("refuses a severity outside [0, 1]", () => {
    for (const severity of [-0.1, 1.1, NaN])
      expect(codeOf(() => damaged(kind, severity))).toBe("config.invalid");
  });
});

describe("at severity 1", () => {
  it.each<[keyof typeof textDamages, string, string]>([
    ["blank-words", "so  good, really", "_  _ _"],
    ["remove-words", "so good", ""],
    ["truncated", "so good", ""],
    ["no-punctuation", "Oh no! “Don't”, she said - twice...", "oh no don't she said twice"],
    ["recognition-errors", "Right!", "Write!|Rite!"],
    ["other-language", "The GREAT movie.", "Die GROSSARTIG Film.|Die GROßARTIG Film."],
    ["replace-words", "so good", "good so"],
    ["wrong-text", "so good", other],
  ])("%s of %j", (kind, text, expected) => {
    expect(expected.split("|")).toContain(damaged(textDamages[kind], 1, { text }));
  });

  it("typos keep the number of words and hit a share of the letters", () => {
    const changed = damaged(textDamages.typos, 1);
    expect(wordsOf(changed)).toHaveLength(wordsOf(own).length);
    const share = distance(Array.from(own), Array.from(changed)) / own.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.6);
  });
});

it("half of the words are blanked at severity 0.5", () => {
  const blanks = wordsOf(damaged(textDamages["blank-words"], 0.5)).filter((word) => word === "_");
  expect(blanks).toHaveLength(Math.round(wordsOf(own).length / 2));
});

it("times of words stay with the text", () => {
  const words = [{ text: "so", start: 0, end: 1 }];
  const medium = { text: "so good", words };
  expect(textDamages.truncated.apply(medium, 0.5, { key: randomKey(1, "test"), span: WHOLE })).toEqual({
    text: "so",
    words,
  });
});

it("wrong-text without another text is refused", () => {
  const act = (): unknown =>
    textDamages["wrong-text"].apply({ text: own }, 0.5, { key: randomKey(1, "test"), span: WHOLE });
  expect(codeOf(act)).toBe("config.invalid");
});
