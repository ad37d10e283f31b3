/** Word of a text with its entries in a pronouncing dictionary. */
export interface SpokenWord {
  /** Word as written. */
  readonly text: string;
  /** Entries of the dictionary in order. Empty if any part of the word has none. */
  readonly parts: readonly string[];
}

/**
 * Splits a text into words and their dictionary entries: small letters and apostrophes. Parts joined by a
 * hyphen or slash become several entries. A word with an unknown part has no entries, because its
 * pronunciation is unknown.
 * @param knows returns true if the dictionary has an entry
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
