import { expect, test } from "vitest";
import { spokenWords } from "./spoken-words.js";

const dictionary = new Set(["it's", "not", "ill", "disposed", "and", "or", "twas", "'em", "dogs'"]);
const knows = (entry: string): boolean => dictionary.has(entry);

test("turns a text into dictionary entries: small letters, no punctuation, several for a joined word", () => {
  expect(spokenWords("IT\u2019S not, \u2014 ill-disposed and/or (Zyx)!", knows)).toEqual([
    { text: "IT\u2019S", parts: ["it's"] },
    { text: "not,", parts: ["not"] },
    { text: "ill-disposed", parts: ["ill", "disposed"] },
    { text: "and/or", parts: ["and", "or"] },
    { text: "(Zyx)!", parts: [] },
  ]);
  expect(spokenWords("'not 'em", knows).flatMap(({ parts }) => parts)).toEqual(["not", "'em"]);
});

test("a word with one unknown part has no parts", () => {
  expect(spokenWords("ill-zyx", knows)).toEqual([{ text: "ill-zyx", parts: [] }]);
  expect(spokenWords(" ... -- ", knows)).toEqual([]);
});

test("no part of a text can leave its place in the grammar", () => {
  const all = spokenWords('a; public <x> = b | (c) {d} [e] "f" \\g //h #i\n$j *k +l', () => true);
  expect(all.flatMap(({ parts }) => parts).join(" ")).toMatch(/^[a-z0-9' ]+$/);
});
