import { defined } from "../../core/defined.js";

/** Entry of a vocabulary: a piece of text and the logarithm of its probability. */
export type VocabularyPiece = readonly [piece: string, score: number];

export interface Token {
  /** Row of the vocabulary. */
  readonly id: number;
  /** Text of the token, with "\u2581" at the start of a word. */
  readonly piece: string;
  /** Index of its whitespace-separated word in the text, from 0. */
  readonly word: number;
}

const WORD_START = "\u2581";
export const UNKNOWN_ID = 0;
/**
 * Amount by which sentencepiece scores an unknown character below the rarest piece, so that it is used only
 * if nothing matches.
 */
const UNKNOWN_PENALTY = 10;

interface TrieNode {
  readonly next: Map<string, TrieNode>;
  id: number;
  score: number;
}

/**
 * Unigram language model tokenizer (Kudo, "Subword regularization", ACL 2018, section 3). Finds the
 * segmentation with the highest sum of log probabilities by Viterbi; ties keep the longer last piece.
 * Normalises text like sentencepiece's nmt_nfkc: NFKC; controls and whitespace become one space. Takes time
 * proportional to the length of the text times the longest piece, for any text.
 */
export class UnigramTokenizer {
  readonly #root = trieNode();
  readonly #unknownScore: number;

  /**
   * @param pieces vocabulary; the row is the id, and rows below `reserved` are control symbols
   * @param reserved number of control symbols
   */
  constructor(pieces: readonly VocabularyPiece[], reserved: number) {
    let lowest = 0;
    for (const [id, [piece, score]] of pieces.entries()) {
      if (id < reserved) continue;
      this.#insert(piece, id, score);
      if (score < lowest) lowest = score;
    }
    this.#unknownScore = lowest - UNKNOWN_PENALTY;
  }

  /**
   * Splits a text into tokens. Returns none for a text without visible characters. A run of unknown
   * characters inside a word is one token.
   */
  tokenize(text: string): Token[] {
    const normalised = normaliseText(text);
    return normalised === ""
      ? []
      : this.#segment(Array.from(WORD_START + normalised.replaceAll(" ", WORD_START)));
  }

  #insert(piece: string, id: number, score: number): void {
    let node = this.#root;
    for (const character of piece) {
      let child = node.next.get(character);
      if (!child) node.next.set(character, (child = trieNode()));
      node = child;
    }
    node.id = id;
    node.score = score;
  }

  #segment(characters: readonly string[]): Token[] {
    const size = characters.length;
    const best = new Float64Array(size + 1).fill(-Infinity);
    const lastId = new Int32Array(size + 1);
    const lastStart = new Int32Array(size + 1);
    best[0] = 0;
    const offer = (start: number, end: number, id: number, score: number): void => {
      if (score <= defined(best[end])) return;
      best[end] = score;
      lastId[end] = id;
      lastStart[end] = start;
    };
    for (let start = 0; start < size; start++) {
      const before = defined(best[start]);
      let node = this.#root.next.get(characters[start] ?? "");
      if (node === undefined || node.id < 0) offer(start, start + 1, UNKNOWN_ID, before + this.#unknownScore);
      for (let end = start + 1; node; node = node.next.get(characters[end++] ?? "")) {
        if (node.id >= 0) offer(start, end, node.id, before + node.score);
      }
    }
    return collect(characters, lastId, lastStart);
  }
}

function trieNode(): TrieNode {
  return { next: new Map(), id: -1, score: 0 };
}

/** Follows the best path backwards. Neighbouring unknown tokens within a word become one. */
function collect(characters: readonly string[], lastId: Int32Array, lastStart: Int32Array): Token[] {
  const spans: { id: number; start: number; end: number }[] = [];
  for (let end = characters.length; end > 0; end = defined(lastStart[end]))
    spans.push({ id: defined(lastId[end]), start: defined(lastStart[end]), end });
  spans.reverse();
  const tokens: Token[] = [];
  let word = -1;
  for (const { id, start, end } of spans) {
    const piece = characters.slice(start, end).join("");
    if (piece.startsWith(WORD_START)) word++;
    const previous = tokens.at(-1);
    if (id === UNKNOWN_ID && previous?.id === UNKNOWN_ID && previous.word === word)
      tokens[tokens.length - 1] = { id, piece: previous.piece + piece, word };
    else tokens.push({ id, piece, word });
  }
  return tokens;
}

/**
 * Normalises a text: NFKC; each run of whitespace, control characters and word-start marks becomes one space;
 * none at the ends.
 */
export function normaliseText(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\s\p{Cc}\u200B\u2581]+/gu, " ")
    .trim();
}
