import { describe, expect, it } from "vitest";
import { normaliseText, UnigramTokenizer, type VocabularyPiece } from "./unigram-tokenizer.js";

const vocabulary: readonly VocabularyPiece[] = [
  ["<unk>", 0],
  ["</s>", 0],
  ["▁", -3],
  ["a", -4],
  ["b", -4],
  ["▁a", -3.5],
  ["ab", -5],
  ["▁ab", -7],
  ["aba", -6],
];
const tokenizer = new UnigramTokenizer(vocabulary, 2);

/** Lists every segmentation of a word by brute force: the definition that Viterbi must agree with. */
function bestScore(characters: string): number {
  if (characters === "") return 0;
  const scores = new Map(vocabulary.slice(2));
  const options = Array.from({ length: characters.length }, (_, i) => characters.slice(0, i + 1)).filter(
    (piece) => scores.has(piece),
  );
  return Math.max(
    ...options.map((piece) => (scores.get(piece) ?? 0) + bestScore(characters.slice(piece.length))),
  );
}

describe("UnigramTokenizer", () => {
  it("finds the most probable segmentation", () => {
    for (const word of ["a", "b", "ab", "aba", "abab", "babab", "aabbaab"]) {
      const score = tokenizer.tokenize(word).reduce((sum, { id }) => sum + (vocabulary[id]?.[1] ?? NaN), 0);
      expect(score).toBeCloseTo(bestScore(`▁${word}`), 10);
    }
  });

  it("keeps the text's pieces in order and counts its words", () => {
    const tokens = tokenizer.tokenize("ab  \n ba");
    expect(tokens.map(({ piece }) => piece).join("")).toBe("▁ab▁ba");
    expect(tokens.map(({ word }) => word)).toEqual([0, 1, 1, 1]);
    expect(tokens.at(-1)?.word).toBe(1);
  });

  it("makes one unknown token of neighbours within a word, and not across words", () => {
    expect(tokenizer.tokenize("a😀😀b 😀").map(({ id, piece, word }) => [id, piece, word])).toEqual([
      [5, "▁a", 0],
      [0, "😀😀", 0],
      [4, "b", 0],
      [2, "▁", 1],
      [0, "😀", 1],
    ]);
  });

  it("reads lone surrogates and names of control symbols as unknown text", () => {
    expect(tokenizer.tokenize("\ud800").map(({ id }) => id)).toEqual([2, 0]);
    expect(tokenizer.tokenize("</s>").every(({ id }) => id !== 1)).toBe(true);
  });

  it.each(["", " \n\t", "\u0000\u0007\u200b", "▁"])("gives no tokens for %j", (text) => {
    expect(tokenizer.tokenize(text)).toEqual([]);
  });

  it("takes a long text", () => {
    expect(tokenizer.tokenize("ab".repeat(100_000)).length).toBeGreaterThan(60_000);
  });
});

describe("normaliseText", () => {
  it("composes, widens to the compatible form and collapses whitespace", () => {
    expect(normaliseText("  cafe\u0301\u00a0\ufb01ne\r\n\u0001now ")).toBe("café fine now");
  });
});
