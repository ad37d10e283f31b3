const voidElements = new Set(["meta", "br", "hr", "img", "input", "link"]);

/**
 * Returns the first fault in the nesting or quoting of an HTML or SVG text; undefined without faults.
 * Stricter than a browser: every element must be closed in order, every attribute quoted, and every `&` must
 * start an entity.
 */
export function markupFault(text: string): string | undefined {
  const open: string[] = [];
  const body = text.replace(/<style>[^<]*<\/style>/g, "").replace(/^<!doctype html>/i, "");
  const token = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  let at = 0;
  while (at < body.length) {
    token.lastIndex = at;
    const match = token.exec(body);
    if (!match) return `not markup at "${body.slice(at, at + 60)}"`;
    at = token.lastIndex;
    const [, closing, name = "", attributes = "", selfClosing, content] = match;
    const text = content ?? attributes;
    const stray = /&(?!(?:amp|lt|gt|quot|apos|nbsp|#\d+|#x[0-9a-f]+);)/i.exec(text);
    if (stray) return `a bare & in "${text.slice(0, 60)}"`;
    if (content !== undefined || selfClosing === "/" || voidElements.has(name)) continue;
    if (closing === "") open.push(name);
    else if (open.pop() !== name) return `</${name}> closes nothing`;
  }
  return open.length === 0 ? undefined : `<${open.join("> <")}> left open`;
}

const LOADS = [
  /\b(?:src|href|xlink:href|action|poster|data)\s*=\s*["']?(?!#)[^"'\s>]+/gi,
  /url\((?!#)[^)]*\)|@import[^;]*|<script|<iframe|<object|<embed/gi,
];

/**
 * Returns references that make a page load something: anything but fragments in src, href, url() and @import.
 */
export function externalReferences(text: string): string[] {
  return LOADS.flatMap((pattern) => Array.from(text.matchAll(pattern), (match) => match[0]));
}
