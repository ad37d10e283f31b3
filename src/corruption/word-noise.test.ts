import { describe, expect, it } from "vitest";
import { blankWords } from "./word-noise.js";

const text = Array.from({ length: 400 }, (_, i) => `w${i}`).join(" ");
const blanks = (noisy: string): number => noisy.split(" ").filter((word) => word === "_").length;
const ids = Array.from({ length: 1000 }, (_, n) => `${n}`);

describe("blankWords", () => {
  it("depends on seed, id and text alone", () => {
    const once = blankWords(text, "blank/clean", 5, { seed: 2, id: "a" });
    expect(blankWords(text, "blank/clean", 5, { seed: 2, id: "a" })).toBe(once);
    expect(blankWords(text, "blank/clean", 5, { seed: 2, id: "b" })).not.toBe(once);
    expect(blankWords(text, "blank/clean", 5, { seed: 3, id: "a" })).not.toBe(once);
  });

  it("blanks a word with probability epsilon / 10", () => {
    for (const epsilon of [0, 2, 5, 10]) {
      expect(
        Math.abs(blanks(blankWords(text, "blank/clean", epsilon, { seed: 1, id: "a" })) / 400 - epsilon / 10),
      ).toBeLessThan(epsilon % 10 === 0 ? 1e-9 : 0.06);
    }
  });

  it("exact: touches a text with probability 0.5, whatever epsilon", () => {
    const touched = ids.filter(
      (id) => blankWords("one two three", "blank/exact", 10, { seed: 1, id }) !== "one two three",
    );
    expect(Math.abs(touched.length / ids.length - 0.5)).toBeLessThan(0.05);
    for (const id of touched.slice(0, 20))
      expect(blankWords("one two three", "blank/exact", 10, { seed: 1, id })).toBe("_ _ _");
  });

  it("clean: touches every text", () => {
    for (const id of ids) expect(blankWords("one two", "blank/clean", 10, { seed: 1, id })).toBe("_ _");
  });

  it("a larger epsilon blanks the words of a smaller one, and more", () => {
    const [less, more] = [3, 6].map((epsilon) =>
      blankWords(text, "blank/clean", epsilon, { seed: 1, id: "a" }).split(" "),
    );
    less?.forEach((word, i) => {
      if (word === "_") expect(more?.[i]).toBe("_");
    });
  });

  it("keeps white space, and takes emoji and punctuation for words", () => {
    expect(blankWords("a  b\t\u{1f600} c!\n", "blank/clean", 10, { seed: 1, id: "a" })).toBe("_  _\t_ _\n");
    expect(blankWords("", "blank/clean", 10, { seed: 1, id: "a" })).toBe("");
    expect(blankWords(" \n", "blank/clean", 10, { seed: 1, id: "a" })).toBe(" \n");
  });
});
