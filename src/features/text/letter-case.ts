/** What is done to capitals before a text is split into tokens. */
export const letterCases = ["auto", "keep", "lower"] as const;

/**
 * "auto": a text without any small letter, as transcripts are often written, is read in small letters, and
 * others as they are; "keep" and "lower" do the same to every text.
 */
export type LetterCase = (typeof letterCases)[number];

export function inCase(text: string, letterCase: LetterCase): string {
  return letterCase === "lower" || (letterCase === "auto" && !/\p{Ll}/u.test(text))
    ? text.toLowerCase()
    : text;
}
