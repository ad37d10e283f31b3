/** A vocabulary's entry: a piece of text and the logarithm of its probability. */
export type VocabularyPiece = readonly [piece: string, score: number];

export interface Token {
  /** Row of the vocabulary. */
  readonly id: number;
  /** The text that it stands for, with "\u2581" where a word begins. */
  readonly piece: string;
  /** Which whitespace-separated word of the text it belongs to, from 0. */
  readonly word: number;
}

const WORD_START = "\u2581";
export const UNKNOWN_ID = 0;
/**
 * sentencepiece gives an unknown character this much less than the rarest piece, so that it is used only
 * where nothing matches.
 */
const UNKNOWN_PENALTY = 10;

interface TrieNode {
  readonly next: Map<string, TrieNode>;
  id: number;
  score: number;
}

/**
 * Unigram language model tokenizer (Kudo, "Subword regularization", ACL 2018, section 3): the segmentation
 * with the highest sum of log probabilities, by Viterbi; ties keep the longer last piece. Text is normalised
 * as sentencepiece's nmt_nfkc: NFKC, controls and whitespace become one space.
 * Time is proportional to the text's length times the longest piece, whatever the text is.
 */
export class UnigramTokenizer {
  readonly #root = trieNode();
  readonly #unknownScore: number;

  /** @param pieces row = id; rows below `reserved` are control symbols */
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
   * Tokens of a text, none for one without visible characters. A run of unknown characters inside a word is
   * one token.
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
      if (score <= (best[end] ?? 0)) return;
      best[end] = score;
      lastId[end] = id;
      lastStart[end] = start;
    };
    for (let start = 0; start < size; start++) {
      const before = best[start] ?? 0;
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

/** Follows the best path back; unknown neighbours within one word become one token. */
function collect(characters: readonly string[], lastId: Int32Array, lastStart: Int32Array): Token[] {
  const spans: { id: number; start: number; end: number }[] = [];
  for (let end = characters.length; end > 0; end = lastStart[end] ?? 0)
    spans.push({ id: lastId[end] ?? 0, start: lastStart[end] ?? 0, end });
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
 * NFKC; runs of whitespace, control characters and the mark of a word's start become one space; none at the
 * ends.
 */
export function normaliseText(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\s\p{Cc}\u200B\u2581]+/gu, " ")
    .trim();
}
