/** JSON value. */
export type Literal =
  string | number | boolean | null | readonly Literal[] | { readonly [key: string]: Literal };

/**
 * Reads the value after `module.exports=` in a minified script that only holds data, without running it.
 * Supports strings, numbers, `!0`, `!1`, `null`, arrays and objects, keys with or without quotes, and JSON
 * escapes. Some packages ship models as such scripts, and a page's content security policy may forbid `eval`.
 * @throws SyntaxError with the place, for anything else
 */
export function readExportedLiteral(source: string): Literal {
  const found = /\b[A-Za-z_$][\w$]*\.exports\s*=\s*(?=["'[{])/.exec(source.slice(0, 20_000));
  if (!found) throw new SyntaxError("there is no `module.exports = ...` with a literal");
  return new LiteralReader(source, found.index + found[0].length).value();
}

const NUMBER = /-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_$][\w$]*/y;
const DEEPEST = 100;

class LiteralReader {
  readonly #source: string;
  #at: number;
  #depth = 0;

  constructor(source: string, at: number) {
    this.#source = source;
    this.#at = at;
  }

  value(): Literal {
    const next = this.#source[this.#at];
    if (next === "{") return this.#nested(() => this.#object());
    if (next === "[") return this.#nested(() => this.#array());
    if (next === '"' || next === "'") return this.#string();
    if (next === "!") return this.#negated();
    if (next !== undefined && /[-.\d]/.test(next)) return Number(this.#match(NUMBER));
    if (this.#match(NAME) === "null") return null;
    return this.#fail();
  }

  #nested(read: () => Literal): Literal {
    if (++this.#depth > DEEPEST) this.#fail();
    const value = read();
    this.#depth--;
    return value;
  }

  #object(): Literal {
    const entries = this.#list("{", "}", () => {
      const next = this.#source[this.#at];
      const key = next === '"' || next === "'" ? this.#string() : this.#match(NAME);
      this.#expect(":");
      return [key, this.value()] as const;
    });
    return Object.fromEntries(entries);
  }

  #array(): Literal {
    return this.#list("[", "]", () => this.value());
  }

  #list<Item>(open: string, close: string, item: () => Item): Item[] {
    this.#expect(open);
    const items: Item[] = [];
    while (this.#source[this.#at] !== close) {
      if (items.length > 0) this.#expect(",");
      items.push(item());
    }
    this.#expect(close);
    return items;
  }

  /** Searches for the end of the string instead of matching it: it may be megabytes of base64. */
  #string(): string {
    const quote = this.#source[this.#at] ?? "";
    const start = this.#at;
    let end = start + 1;
    do {
      end = this.#source.indexOf(quote, end) + 1;
      if (end === 0) this.#fail();
    } while (this.#isEscaped(end - 1));
    this.#at = end;
    const body = this.#source.slice(start + 1, end - 1);
    return body.includes("\\") ? this.#unescape(body, start) : body;
  }

  #isEscaped(at: number): boolean {
    let backslashes = 0;
    while (this.#source[at - 1 - backslashes] === "\\") backslashes++;
    return backslashes % 2 === 1;
  }

  #unescape(body: string, start: number): string {
    try {
      return String(JSON.parse(`"${body}"`));
    } catch {
      this.#at = start;
      return this.#fail();
    }
  }

  #negated(): boolean {
    this.#expect("!");
    const digit = this.#match(NUMBER);
    return digit === "0" || (digit !== "1" && this.#fail());
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source);
    if (!found) return this.#fail();
    this.#at += found[0].length;
    return found[0];
  }

  #expect(character: string): void {
    if (this.#source[this.#at] !== character) this.#fail();
    this.#at++;
  }

  #fail(): never {
    throw new SyntaxError(
      `unexpected ${JSON.stringify(this.#source.slice(this.#at, this.#at + 20))} at character ${this.#at}`,
    );
  }
}
