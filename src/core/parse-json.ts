/**
 * Parses JSON, and refuses objects that have a key twice: of two values one would be dropped without a word.
 * A byte order mark is skipped.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  const value: unknown = JSON.parse(body);
  const twice = repeatedKey(body);
  if (twice !== undefined) throw new SyntaxError(`the key ${twice} is there twice in one object`);
  return value;
}

/** The first key, in quotes, that an object has twice. @param text valid JSON */
function repeatedKey(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = []; // keys of the objects around the place; undefined for lists
  const token = /["[\]{}]/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [piece] = match;
    if (piece === "{") open.push(new Set());
    else if (piece === "[") open.push(undefined);
    else if (piece === "}" || piece === "]") open.pop();
    else {
      const end = endOfString(text, match.index);
      token.lastIndex = end;
      if (nextCharacter(text, end) !== ":") continue;
      const quoted = text.slice(match.index, end);
      const key = quoted.includes("\\") ? JSON.stringify(JSON.parse(quoted)) : quoted;
      const keys = open.at(-1);
      if (keys?.has(key) === true) return key;
      keys?.add(key);
    }
  }
  return undefined;
}

/** Behind the closing quote. A loop, because a pattern for strings runs out of stack on a long one. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
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
