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

/**
 * Describes the first duplicate or forbidden key of an object.
 *
 * @param text valid JSON
 */
function problemOfKeys(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = []; // keys of each enclosing object; undefined for a list
  const token = /["[\]{}]/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [piece] = match;
    if (piece === "{") open.push(new Set());
    else if (piece === "[") open.push(undefined);
    else if (piece === "}" || piece === "]") open.pop();
    else {
      const end = endOfString(text, match.index) ?? text.length;
      token.lastIndex = end;
      if (nextCharacter(text, end) !== ":") continue;
      const quoted = text.slice(match.index, end);
      const key = quoted.includes("\\") ? JSON.stringify(JSON.parse(quoted)) : quoted;
      const keys = open.at(-1);
      if (keys?.has(key) === true) return `${key} occurs twice in one object`;
      if (key === '"__proto__"') return `${key} cannot be used: it has a special meaning in JavaScript`;
      keys?.add(key);
    }
  }
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
