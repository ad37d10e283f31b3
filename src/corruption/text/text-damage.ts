import type { RandomKey } from "../../core/random.js";
import { requireOther } from "../check-media-damage.js";
import { checkedDamage } from "../checked-damage.js";
import type { DamageDescription, MediaDamage, Span } from "../media-damage.js";

/** A text: a transcript, a post, a caption. */
export interface Text {
  readonly text: string;
}

interface PlainKind extends DamageDescription {
  /**
   * Returns the changed words of the span.
   *
   * @param words words of the span, at least one; a word is anything between white space
   * @returns one entry per word; an empty one removes the word
   */
  readonly corrupt: (words: readonly string[], amount: number, key: RandomKey) => readonly string[];
}

interface KindWithOther extends DamageDescription {
  /** Name of the kind, for messages. */
  readonly name: string;
  /**
   * Returns the changed words of the span.
   *
   * @param other words of another text, possibly none
   * @returns words in order, any number
   */
  readonly corrupt: (
    words: readonly string[],
    amount: number,
    key: RandomKey,
    other: readonly string[],
  ) => readonly string[];
}

/**
 * Makes a kind of corruption of texts. Words outside the span, white space, and other parts of the medium,
 * such as the times of words, do not change.
 */
export function textDamage({ corrupt, ...description }: PlainKind): MediaDamage<Text> {
  return checkedDamage(description, {
    change: (medium, { key, span }, severity) => {
      const pieces = piecesOf(medium.text);
      const [first, last] = rangeOf(span, pieces.length);
      if (first === last) return medium;
      const words = pieces.slice(first, last).map(({ word }) => word);
      const changed = corrupt(words, description.amountAt(severity), key);
      return {
        ...medium,
        text: joined(pieces.map((piece, i) => ({ ...piece, word: changed[i - first] ?? piece.word }))),
      };
    },
  });
}

/** Makes a kind that takes words of another text. */
export function textDamageWithOther({ name, corrupt, ...description }: KindWithOther): MediaDamage<Text> {
  return checkedDamage(
    { ...description, needsOther: true },
    {
      change: (medium, { key, span, other }, severity) => {
        const given = piecesOf(requireOther(other, name).text).map(({ word }) => word);
        const pieces = piecesOf(medium.text);
        const [first, last] = rangeOf(span, pieces.length);
        const words = pieces.slice(first, last).map(({ word }) => word);
        const changed = corrupt(words, description.amountAt(severity), key, given);
        return {
          ...medium,
          text: joined([
            ...pieces.slice(0, first),
            ...changed.map((word) => ({ space: " ", word })),
            ...pieces.slice(last),
          ]),
        };
      },
    },
  );
}

interface Piece {
  /** White space before the word. */
  readonly space: string;
  readonly word: string;
}

function piecesOf(text: string): Piece[] {
  return Array.from(text.matchAll(/(\s*)(\S+)/gu), ([, space = "", word = ""]) => ({ space, word }));
}

/** Joins the remaining words with their white space. The text begins with its first word. */
function joined(pieces: readonly Piece[]): string {
  return pieces
    .filter(({ word }) => word !== "")
    .map(({ space, word }, i) => (i === 0 ? word : `${space === "" ? " " : space}${word}`))
    .join("");
}

function rangeOf({ start, end }: Span, count: number): [first: number, last: number] {
  return [Math.round(start * count), Math.round(end * count)];
}
