/** Small pieces of self-contained HTML: no scripts, no network, readable without style, in light and dark, on screen and on paper. */

/** Text that is safe inside elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** HTML that is known to be well-formed, as opposed to text. */
export interface Html {
  readonly html: string;
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

export function heading(text: string): Html {
  return { html: `<h2>${escapeHtml(text)}</h2>` };
}

/** A table with a caption and scoped headings. */
export function table({ caption, columns, rows, best }: Table): Html {
  const side = (column: Column | undefined): string => (column?.numeric === true ? ' class="number"' : "");
  const head = columns.map((column) => `<th scope="col"${side(column)}>${escapeHtml(column.heading)}</th>`).join("");
  const body = rows.map((cells, r) => `<tr>${cells.map((cell, c) => tableCell(cell, c, side(columns[c]), best?.has(`${r},${c}`) === true)).join("")}</tr>`);
  return {
    html: `<div class="scroll"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${head}</tr></thead><tbody>\n${body.join("\n")}\n</tbody></table></div>`,
  };
}

function tableCell(cell: string, column: number, attributes: string, bold: boolean): string {
  const unbroken = escapeHtml(cell).replace(/ ± /g, "&nbsp;±&nbsp;");
  const text = bold ? `<strong>${unbroken}</strong>` : unbroken;
  return column === 0 ? `<th scope="row">${text}</th>` : `<td${attributes}>${text}</td>`;
}

export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  readonly dashed?: boolean;
}

/** A figure around an SVG, with a caption below and a text for those who cannot see it. */
export function figure(svg: string, { caption, alt, legend = [] }: { caption: string; alt: string; legend?: readonly LegendEntry[] }): Html {
  const described = svg.replace(/^<svg /, `<svg role="img" aria-label="${escapeHtml(alt)}" `);
  const keys = legend.map(
    ({ label, colour, dashed }) =>
      `<li><svg width="24" height="10" aria-hidden="true"><line x1="1" y1="5" x2="23" y2="5" stroke="${escapeHtml(colour)}" stroke-width="3"${dashed === true ? ' stroke-dasharray="5 3"' : ""}/></svg> ${escapeHtml(label)}</li>`,
  );
  const list = keys.length === 0 ? "" : `<ul class="legend">${keys.join("")}</ul>`;
  return { html: `<figure>${list}<div class="scroll">${described}</div><figcaption>${escapeHtml(caption)}</figcaption></figure>` };
}

const style = `
:root { color-scheme: light dark; --page: #ffffff; --ink: #1c2024; --soft: #5b6570; --line: #d9dee3; --blue: #0067a5; --orange: #c2410c; --green: #00775a; --purple: #7b3fa0; }
@media (prefers-color-scheme: dark) { :root { --page: #14171a; --ink: #e6e9ec; --soft: #a3adb8; --line: #343b42; --blue: #62b5f0; --orange: #f59e5b; --green: #4bd0a4; --purple: #c99be8; } }
@media print { :root { --page: #ffffff; --ink: #000000; --soft: #444444; --line: #bbbbbb; --blue: #0067a5; --orange: #c2410c; --green: #00775a; --purple: #7b3fa0; } figure, table { break-inside: avoid; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem; background: var(--page); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 0.5rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 0.5rem; }
p { max-width: 44rem; }
.soft, figcaption, caption { color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; min-width: min(100%, 34rem); margin: 1rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: 0.4rem; position: sticky; left: 0; max-width: min(44rem, calc(100vw - 2.5rem)); }
th, td { padding: 0.3rem 0.8rem; border-bottom: 1px solid var(--line); text-align: left; font-weight: 400; }
thead th { font-weight: 600; }
th.number, td.number { text-align: right; }
figure { margin: 1.25rem 0; }
figure .scroll > svg { max-width: 100%; min-width: 38rem; height: auto; background: none; } /* scrolls on a phone, where it would be too small to read */
figcaption { font-size: 0.9rem; max-width: 44rem; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0; margin: 0 0 0.25rem; font-size: 0.9rem; }
@media (max-width: 40rem) { th, td { padding: 0.3rem 0.5rem; } }
@media print { .scroll { overflow: visible; } figure .scroll > svg { min-width: 0; } }
`;

/** A whole page. `body` is joined in order. */
export function page(title: string, body: readonly Html[]): string {
  const text = body.map((part) => part.html).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${text}
</main>
</body>
</html>
`;
}
