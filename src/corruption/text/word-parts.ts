/** A word without the punctuation around it. */
export interface WordParts {
  readonly before: string;
  /** Part from the first letter or digit to the last. Empty for pure punctuation. */
  readonly core: string;
  readonly after: string;
}

export function partsOf(word: string): WordParts {
  const match = /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/su.exec(word);
  return { before: match?.[1] ?? "", core: match?.[2] ?? "", after: match?.[3] ?? "" };
}

/** Replaces the core of a word; keeps its punctuation and the form of its capital letters. */
export function withCore(word: string, change: (core: string) => string): string {
  const { before, core, after } = partsOf(word);
  if (core === "") return word;
  const changed = change(core.toLowerCase());
  return changed === "" ? "" : `${before}${inCaseOf(core, changed)}${after}`;
}

/** Copies the capitalisation of `model` to `word`. */
function inCaseOf(model: string, word: string): string {
  const first = model.slice(0, 1);
  if (first === first.toLowerCase()) return word;
  const isUpper = model.length > 1 && model === model.toUpperCase();
  return isUpper ? word.toUpperCase() : word.slice(0, 1).toUpperCase() + word.slice(1);
}
