/** Treatments of capitals before a text is split into tokens. */
export const letterCases = ["auto", "keep", "lower"] as const;

/**
 * "auto": lower-cases a text without any small letter, as transcripts are often written, and keeps others.
 * "keep" and "lower" treat every text alike.
 */
export type LetterCase = (typeof letterCases)[number];

export function inCase(text: string, letterCase: LetterCase): string {
  return letterCase === "lower" || (letterCase === "auto" && !/\p{Ll}/u.test(text))
    ? text.toLowerCase()
    : text;
}
