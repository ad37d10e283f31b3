/**
 * Parses JSON more strictly than JSON.parse.
 *
 * Refuses an object with a duplicate key or the key __proto__, because a value would be lost. Refuses lists
 * and objects nested more than 1000 deep. Skips a byte order mark.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (isTooDeep(body)) throw new SyntaxError(`lists and objects are nested more than ${DEEPEST} deep`);
  const value: unknown = JSON.parse(body);
  const problem = problemOfKeys(body);
  if (problem !== undefined) throw new SyntaxError(`the key ${problem}`);
  return value;
}

/**
 * Largest depth of nested lists and objects. Each level of a deep text takes fifty times the memory of its
 * characters.
 */
const DEEPEST = 1000;

/**
 * Returns true if lists and objects are nested too deep.
 *
 * @param text text that may not be valid JSON
 */
function isTooDeep(text: string): boolean {
  if (hasFew(text, "[") && hasFew(text, "{")) return false;
  let depth = 0;
  const token = /["[\]{}]/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [piece] = match;
    if (piece === '"') {
      const end = endOfString(text, match.index);
      if (end === undefined) return false; // not JSON
      token.lastIndex = end;
    } else depth += piece === "{" || piece === "[" ? 1 : -1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** Returns true if a character occurs so rarely that lists and objects cannot be nested too deep. */
function hasFew(text: string, character: string): boolean {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1))
    if (++count > DEEPEST / 2) return false;
  return true;
}

/**
 * Describes the first duplicate or forbidden key of an object.
 *
 * Searches for one character at a time, which is much faster than a regular expression on long lists of
 * numbers. Lists do not matter, because a key belongs to the innermost object that is open.
 *
 * @param text valid JSON
 */
function problemOfKeys(text: string): string | undefined {
  const open: Set<string>[] = []; // keys of each enclosing object
  const next = (character: string, from: number): number => {
    const at = text.indexOf(character, from);
    return at < 0 ? Infinity : at;
  };
  let [quote, begin, finish] = [next('"', 0), next("{", 0), next("}", 0)];
  for (;;) {
    const at = Math.min(quote, begin, finish);
    if (at === Infinity) return undefined;
    if (at === begin) {
      open.push(new Set());
      begin = next("{", at + 1);
    } else if (at === finish) {
      open.pop();
      finish = next("}", at + 1);
    } else {
      const end = endOfString(text, at) ?? text.length;
      const problem = nextCharacter(text, end) === ":" ? problemOfKey(text.slice(at, end), open) : undefined;
      if (problem !== undefined) return problem;
      quote = next('"', end);
      if (begin < end) begin = next("{", end);
      if (finish < end) finish = next("}", end);
    }
  }
}

/** Adds a key to the innermost object. */
function problemOfKey(quoted: string, open: readonly Set<string>[]): string | undefined {
  const key = quoted.includes("\\") ? JSON.stringify(JSON.parse(quoted)) : quoted;
  const keys = open.at(-1);
  if (keys?.has(key) === true) return `${key} occurs twice in one object`;
  if (key === '"__proto__"') return `${key} cannot be used: it has a special meaning in JavaScript`;
  keys?.add(key);
  return undefined;
}

/**
 * Returns the position after the closing quote. A regular expression would overflow the stack on a long
 * string.
 */
function endOfString(text: string, start: number): number | undefined {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    if (end < 0) return undefined;
    let slashes = 0;
    while (text[end - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return end + 1;
  }
}

function nextCharacter(text: string, from: number): string | undefined {
  let at = from;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at += 1;
  return text[at];
}
