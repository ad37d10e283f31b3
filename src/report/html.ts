import { declarations } from "./palette.js";

/**
 * Small pieces of self-contained HTML: no scripts, no network, readable without style, in light and dark, on
 * screen and on paper.
 */

/** Text that is safe inside elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** HTML that is known to be well-formed, as opposed to text. */
export interface Html {
  readonly html: string;
  /** Where a section begins, for the list of contents. */
  readonly section?: { readonly id: string; readonly title: string };
}

export interface Column {
  readonly heading: string;
  /** Numbers are aligned right. */
  readonly numeric?: boolean;
}

export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  /** One cell per column; the first cell is the row's heading. */
  readonly rows: readonly (readonly string[])[];
  /** Cells to print bold, as "row,column". */
  readonly best?: ReadonlySet<string>;
}

export function paragraph(text: string): Html {
  return { html: `<p>${escapeHtml(text)}</p>` };
}

/** The heading of a section, which the list of contents names. */
export function heading(text: string): Html {
  const id = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return { html: `<h2 id="${id}">${escapeHtml(text)}</h2>`, section: { id, title: text } };
}

/** A heading within a section. */
export function subheading(text: string): Html {
  return { html: `<h3>${escapeHtml(text)}</h3>` };
}

/** What is to be said about the table above. */
export function notes(texts: readonly string[]): Html {
  return { html: `<ul class="notes">${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join("")}</ul>` };
}

/** Parts that are shown when asked for. */
export function details(summary: string, parts: readonly Html[]): Html {
  return {
    html: `<details><summary>${escapeHtml(summary)}</summary>${parts.map(({ html }) => html).join("\n")}</details>`,
  };
}

/** A table with a caption and scoped headings. */
export function table({ caption, columns, rows, best }: Table): Html {
  const side = (column: Column | undefined): string => (column?.numeric === true ? ' class="number"' : "");
  const head = columns
    .map((column) => `<th scope="col"${side(column)}>${escapeHtml(column.heading)}</th>`)
    .join("");
  const name = firstSentence(caption);
  const body = rows.map(
    (cells, r) =>
      `<tr>${cells.map((cell, c) => tableCell(cell, c, side(columns[c]), best?.has(`${r},${c}`) === true)).join("")}</tr>`,
  );
  return {
    html: `<div class="scroll" tabindex="0" role="group" aria-label="${escapeHtml(name)}"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${head}</tr></thead><tbody>\n${body.join("\n")}\n</tbody></table></div>`,
  };
}

function firstSentence(text: string): string {
  return text.split(". ")[0] ?? text;
}

function tableCell(cell: string, column: number, attributes: string, bold: boolean): string {
  const unbroken = escapeHtml(cell)
    .replace(/(?<=\d) (±|to) (?=[-+\d])/g, "&nbsp;$1&nbsp;")
    .replace(/(?<=\bp|p &lt;|\d:|\d,) (?=[\d&])/g, "&nbsp;")
    .replace(/ (?=\([\d.]{1,6}\))/g, "&nbsp;"); // what belongs together
  const text = bold ? `<strong>${unbroken}</strong>` : unbroken;
  return column === 0 ? `<th scope="row">${text}</th>` : `<td${attributes}>${text}</td>`;
}

export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  /** As SVG takes them; undefined for a solid line. */
  readonly dashes?: string | undefined;
}

/** A figure around an SVG, with a caption below and a text for those who cannot see it. */
export function figure(
  svg: string,
  { caption, alt, legend = [] }: { caption: string; alt: string; legend?: readonly LegendEntry[] },
): Html {
  const described = svg.replace(/^<svg /, `<svg role="img" aria-label="${escapeHtml(alt)}" `);
  const keys = legend.map(
    ({ label, colour, dashes }) =>
      `<li><svg width="24" height="10" aria-hidden="true"><line x1="1" y1="5" x2="23" y2="5" stroke="${escapeHtml(colour)}" stroke-width="3"${dashes === undefined ? "" : ` stroke-dasharray="${escapeHtml(dashes)}"`}/></svg> ${escapeHtml(label)}</li>`,
  );
  const list = keys.length === 0 ? "" : `<ul class="legend">${keys.join("")}</ul>`;
  return {
    html: `<figure>${list}<div class="scroll" tabindex="0" role="group" aria-label="${escapeHtml(`Chart: ${firstSentence(caption)}`)}">${described}</div><figcaption>${escapeHtml(caption)}</figcaption></figure>`,
  };
}

const style = `
:root { color-scheme: light dark; ${declarations("light")} }
@media (prefers-color-scheme: dark) { :root { ${declarations("dark")} } }
@media print { :root { color-scheme: light; ${declarations("light")} } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 66rem; padding: 2rem 1.25rem 4rem; background: var(--page); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 0.5rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 0.5rem; scroll-margin-top: 1rem; }
h3 { font-size: 1.02rem; margin: 1.75rem 0 0.5rem; }
p { max-width: 44rem; overflow-wrap: anywhere; }
a { color: var(--blue); }
:focus-visible { outline: 3px solid var(--orange); outline-offset: 2px; }
.skip { position: absolute; left: -999rem; background: var(--page); padding: 0.5rem 0.75rem; }
.skip:focus { left: 1rem; top: 0.5rem; }
nav ul { columns: 18rem; padding-left: 1.2rem; }
.soft, figcaption, caption, footer, .notes { color: var(--soft); }
.notes { font-size: 0.9rem; max-width: 44rem; padding-left: 1.2rem; margin: -0.25rem 0 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; min-width: min(100%, 34rem); margin: 1rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: 0.4rem; position: sticky; left: 0; max-width: min(44rem, calc(100vw - 2.5rem)); }
th, td { padding: 0.3rem 0.8rem; border-bottom: 1px solid var(--line); text-align: left; font-weight: 400; vertical-align: top; }
thead th { font-weight: 600; vertical-align: bottom; }
th.number, td.number { text-align: right; }
tbody th { min-width: 7rem; }
td:not(.number) { min-width: 6rem; }
figure { margin: 1.25rem 0; }
figure .scroll > svg { max-width: 100%; min-width: 38rem; height: auto; background: none; } /* scrolls on a phone, where it would be too small to read */
figcaption { font-size: 0.9rem; max-width: 44rem; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0; margin: 0 0 0.25rem; font-size: 0.9rem; }
details { margin: 0 0 1.5rem; }
summary { cursor: pointer; color: var(--blue); width: fit-content; padding: 0.25rem 0; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 0.75rem; font-size: 0.9rem; }
@media (max-width: 40rem) { th, td { padding: 0.3rem 0.5rem; } }
@page { size: A4 landscape; margin: 12mm; }
@media print { html { font-size: 9pt; } body { max-width: none; padding: 0; } table { font-size: 0.8rem; } nav, .skip, details:not([open]) { display: none; } .scroll { overflow: visible; } figure .scroll > svg { min-width: 0; } figure, tr { break-inside: avoid; } h2, h3, caption { break-after: avoid; } th, td { padding: 0.15rem 0.4rem; } caption { position: static; } }
`;

/** Fewer sections than this need no list of contents. */
const CONTENTS_FROM = 3;

/** A whole page. `body` is joined in order. */
export function page(title: string, body: readonly Html[], footer = ""): string {
  const text = body.map((part) => part.html).join("\n");
  const sections = body.flatMap(({ section }) => section ?? []);
  const links = sections
    .map(({ id, title: name }) => `<li><a href="#${id}">${escapeHtml(name)}</a></li>`)
    .join("");
  const contents =
    sections.length < CONTENTS_FROM ? "" : `<nav aria-label="Contents"><ul>${links}</ul></nav>\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><h1>${escapeHtml(title)}</h1>
${contents}</header>
<main id="content">
${text}
</main>
${footer === "" ? "" : `<footer>${escapeHtml(footer)}</footer>\n`}</body>
</html>
`;
}
