import { pageStyle } from "./page-style.js";
import { unbrokenCell } from "./unbroken-cell.js";

/**
 * Building blocks of self-contained HTML: no scripts, no network, readable without styles, in light and dark,
 * on screen and on paper.
 */

/** Escapes text for use inside elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** HTML that is known to be well-formed, in contrast to plain text. */
export interface Html {
  readonly html: string;
  /** Start of a section, for the table of contents. */
  readonly section?: { readonly id: string; readonly title: string };
}

export interface Column {
  readonly heading: string;
  /** True to align numbers right. */
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

/** Renders the introduction of a page, in larger letters. */
export function lede(text: string): Html {
  return { html: `<p class="lede">${escapeHtml(text)}</p>` };
}

/** Renders sentences as a list. */
export function list(texts: readonly string[]): Html {
  return { html: `<ul class="points">${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join("")}</ul>` };
}

/** Groups parts in a card. */
export function card(parts: readonly Html[]): Html {
  return { html: `<section class="card">${parts.map(({ html }) => html).join("\n")}</section>` };
}

/** One result of several models, in large numbers. */
export interface Fact {
  readonly title: string;
  readonly values: readonly { readonly label: string; readonly value: string; readonly colour: string }[];
  readonly note: string;
}

/** Renders facts side by side, or below each other on narrow screens. */
export function facts(shown: readonly Fact[]): Html {
  const tiles = shown.map(({ title, values, note }) => {
    const rows = values.map(
      ({ label, value, colour }) =>
        `<div><dt>${escapeHtml(label)}</dt>` +
        `<dd style="color: ${escapeHtml(colour)}">${escapeHtml(value)}</dd></div>`,
    );
    return (
      `<div class="fact"><p>${escapeHtml(title)}</p><dl>${rows.join("")}</dl>` +
      `<p class="soft">${escapeHtml(note)}</p></div>`
    );
  });
  return { html: `<div class="facts">${tiles.join("\n")}</div>` };
}

/** Renders the heading of a section, which the table of contents lists. */
export function heading(text: string): Html {
  const id = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return { html: `<h2 id="${id}">${escapeHtml(text)}</h2>`, section: { id, title: text } };
}

/** Renders a heading within a section. */
export function subheading(text: string): Html {
  return { html: `<h3>${escapeHtml(text)}</h3>` };
}

/** Renders notes on the table above. */
export function notes(texts: readonly string[]): Html {
  return { html: `<ul class="notes">${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join("")}</ul>` };
}

/** Renders parts that are collapsed until opened. */
export function details(summary: string, parts: readonly Html[]): Html {
  const content = parts.map(({ html }) => html).join("\n");
  return { html: `<details><summary>${escapeHtml(summary)}</summary>${content}</details>` };
}

/** Renders a table with a caption and scoped headings. */
export function table({ caption, columns, rows, best }: Table): Html {
  const side = (column: Column | undefined): string => (column?.numeric === true ? ' class="number"' : "");
  const head = columns
    .map((column) => `<th scope="col"${side(column)}>${escapeHtml(column.heading)}</th>`)
    .join("");
  const name = firstSentence(caption);
  const body = rows.map((cells, r) => {
    const shown = cells.map((cell, c) =>
      tableCell(cell, c, side(columns[c]), best?.has(`${r},${c}`) === true),
    );
    return `<tr>${shown.join("")}</tr>`;
  });
  return {
    html:
      `<div class="scroll" tabindex="0" role="group" aria-label="${escapeHtml(name)}">` +
      `<table><caption>${escapeHtml(caption)}</caption><thead><tr>${head}</tr></thead>` +
      `<tbody>\n${body.join("\n")}\n</tbody></table></div>`,
  };
}

function firstSentence(text: string): string {
  return text.split(". ")[0] ?? text;
}

function tableCell(cell: string, column: number, attributes: string, bold: boolean): string {
  const unbroken = escapeHtml(unbrokenCell(cell)).replaceAll("\u00a0", "&nbsp;");
  const text = bold ? `<strong>${unbroken}</strong>` : unbroken;
  return column === 0 ? `<th scope="row">${text}</th>` : `<td${attributes}>${text}</td>`;
}

export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  /** Dash pattern as in SVG; undefined for a solid line. */
  readonly dashes?: string | undefined;
}

/** Renders a figure around an SVG, with a caption below and an alternative text. */
export function figure(
  svg: string,
  { caption, alt, legend = [] }: { caption: string; alt: string; legend?: readonly LegendEntry[] },
): Html {
  return {
    html:
      `<figure>${legendHtml(legend)}<div class="scroll" tabindex="0" role="group" ` +
      `aria-label="${escapeHtml(`Chart: ${firstSentence(caption)}`)}">${described(svg, alt)}</div>` +
      `<figcaption>${escapeHtml(caption)}</figcaption></figure>`,
  };
}

/** One chart of a figure with several. */
export interface Panel {
  readonly title: string;
  readonly svg: string;
  /** Alternative text. */
  readonly alt: string;
}

/**
 * Renders a figure of several charts, side by side, or below each other on narrow screens.
 * @param least minimum width of a chart before it moves to the next line, as a CSS length
 */
export function panels(
  shown: readonly Panel[],
  { caption, legend, least }: { caption: string; legend: readonly LegendEntry[]; least: string },
): Html {
  const charts = shown.map(
    ({ title, svg, alt }) => `<div class="panel"><p>${escapeHtml(title)}</p>${described(svg, alt)}</div>`,
  );
  return {
    html:
      `<figure>${legendHtml(legend)}<div class="panels" style="--least: ${escapeHtml(least)}">` +
      `${charts.join("\n")}</div><figcaption>${escapeHtml(caption)}</figcaption></figure>`,
  };
}

function described(svg: string, alt: string): string {
  return svg.replace(/^<svg /, `<svg role="img" aria-label="${escapeHtml(alt)}" `);
}

function legendHtml(legend: readonly LegendEntry[]): string {
  const keys = legend.map(
    ({ label, colour, dashes }) =>
      '<li><svg width="24" height="10" aria-hidden="true"><line x1="1" y1="5" x2="23" y2="5" ' +
      `stroke="${escapeHtml(colour)}" ` +
      `stroke-width="3"${dashes === undefined ? "" : ` stroke-dasharray="${escapeHtml(dashes)}"`}/></svg> ` +
      `${escapeHtml(label)}</li>`,
  );
  return keys.length === 0 ? "" : `<ul class="legend">${keys.join("")}</ul>`;
}

/** Minimum number of sections for a table of contents. */
const CONTENTS_FROM = 3;

/**
 * Renders a whole page. The parts of `body` are joined in order.
 * @param opening parts between the title and the contents
 */
export function page(
  title: string,
  body: readonly Html[],
  footer = "",
  opening: readonly Html[] = [],
): string {
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
<style>${pageStyle}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><h1>${escapeHtml(title)}</h1>
${opening.map(({ html }) => html).join("\n")}${contents}</header>
<main id="content">
${text}
</main>
${footer === "" ? "" : `<footer><p>${escapeHtml(footer)}</p></footer>\n`}</body>
</html>
`;
}
