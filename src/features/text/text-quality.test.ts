import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isAbsent, realData } from "../../../test/real-data.js";
import { nodeAssets } from "../node-assets.js";
import { textQuality } from "./text-quality.js";
import { loadUseLiteTokenizer } from "./use-lite-model.js";

const tokenizer = await loadUseLiteTokenizer(nodeAssets);

function codes(text: string): string[] {
  const perWord: number[] = [];
  for (const { word } of tokenizer.tokenize(text.toLowerCase())) perWord[word] = (perWord[word] ?? 0) + 1;
  const tokens = tokenizer.tokenize(text).length;
  return textQuality(text, { tokens, read: tokens, perWord }).problems.map(({ code }) => code);
}

describe("textQuality", () => {
  it.each([
    "What a wonderful film, I loved it!",
    "RT @user: soooo good!!! 😀 http://t.co/ax93Kz #lovely",
    "hmmmm tbh lol yesss",
    "I LOVED THIS MOVIE",
    "Das ist ein schöner Tag",
    "¿Qué tal?  café crème",
  ])("finds nothing wrong with %j", (text) => {
    expect(codes(text)).toEqual([]);
  });

  it.each([
    "I _ _ the _ film",
    "[UNK] [UNK] was good",
    "the ### was ### bad",
    "CafÃ© dÃ©jÃ  vu",
    "so \ufffd\ufffd good \ufffd",
    "xkqz tgbh plfm wrtz",
    "nodwerluf si thsi lifm",
    "he w## n?t an i## d@@@@ man",
  ])("calls %j garbled", (text) => {
    expect(codes(text)).toEqual(["text.garbled"]);
  });

  it("distinguishes an empty text from a single word", () => {
    expect(codes(" \n")).toEqual(["text.empty"]);
    expect(codes("great")).toEqual(["text.short"]);
  });
});

function readColumn(path: string, column: number): string[] {
  return readFileSync(realData(path), "utf8")
    .trimEnd()
    .split("\n")
    .slice(1)
    .filter((_, row) => row % 8 === 0)
    .map((line) => line.split("\t")[column] ?? "");
}

/** Draws for a word independently of earlier draws. */
function blanked(text: string, salt: number): string {
  return text
    .split(" ")
    .map((word, i) => (Math.imul(i + salt * 7919 + 1, 0x9e3779b1) >>> 31 ? "_" : word))
    .join(" ");
}

/** Reorders letters: those at odd positions backwards, then those at even positions. */
function shuffled(word: string): string {
  return [
    ...Array.from(word)
      .filter((_, i) => i % 2 === 1)
      .reverse(),
    ...Array.from(word).filter((_, i) => i % 2 === 0),
  ].join("");
}

describe.skipIf(isAbsent("mvsa/index.tsv") || isAbsent("mosi/utterances.tsv"))(
  "on tweets and transcripts",
  () => {
    it.each([
      ["mvsa/index.tsv", 4, 0.02],
      ["mosi/utterances.tsv", 6, 0.01],
    ])(
      "rarely doubts %s as it is, and mostly with blanks or shuffled letters",
      (path, column, falseAlarms) => {
        const texts = readColumn(path, column);
        const share = (change: (text: string, row: number) => string): number =>
          texts.filter((text, row) => codes(change(text, row)).includes("text.garbled")).length /
          texts.length;
        expect(share((text) => text)).toBeLessThan(falseAlarms);
        expect(share(blanked)).toBeGreaterThan(0.85);
        expect(share((text) => text.split(" ").map(shuffled).join(" "))).toBeGreaterThan(0.5);
      },
    );
  },
);
