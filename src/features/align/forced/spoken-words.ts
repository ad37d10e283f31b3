/** A word of a text, and what an aligner is asked to find of it. */
export interface SpokenWord {
  /** As it is written. */
  readonly text: string;
  /** Entries of the pronouncing dictionary, one after the other; empty where a part of the word has none. */
  readonly parts: readonly string[];
}

/**
 * The words of a text as a pronouncing dictionary knows them: small letters and apostrophes; what a hyphen or
 * slash joins is said as several. A word of which a part is not in the dictionary has no parts: nobody knows
 * how it sounds.
 * @param knows whether the dictionary has an entry
 */
export function spokenWords(text: string, knows: (entry: string) => boolean): SpokenWord[] {
  return text
    .split(/\s+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .map((word) => {
      const parts = word
        .toLowerCase()
        .replace(/[\u2018\u2019]/gu, "'")
        .split(/[^\p{L}\p{N}']+/u)
        // 'em is a word, 'not is a quotation
        .map((part) => (knows(part) ? part : part.replace(/^'+|'+$/gu, "")))
        .filter((part) => part !== "");
      return { text: word, parts: parts.every(knows) ? parts : [] };
    });
}
