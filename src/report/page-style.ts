import { declarations } from "./palette.js";

/**
 * Style sheet of every page: one text column in the middle, figures and wide tables up to the page width.
 * Supports light and dark, screens of any width, and paper.
 */
export const pageStyle = `
:root {
  color-scheme: light dark; --text: 43rem; --wide: 74rem; --edge: clamp(1rem, 4vw, 2.5rem);
  ${declarations("light")}
}
@media (prefers-color-scheme: dark) { :root { ${declarations("dark")} } }
@media print { :root { color-scheme: light; ${declarations("light")} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", sans-serif;
}
header, main, footer { padding-inline: var(--edge); }
header > *, main > *, footer > * { max-width: min(var(--text), 100%); margin-inline: auto; }
header { padding-top: clamp(2rem, 6vw, 4.5rem); }
h1, h2, h3 { line-height: 1.2; letter-spacing: -0.012em; text-wrap: balance; }
h1 { font-size: clamp(1.9rem, 1.3rem + 2.6vw, 3rem); letter-spacing: -0.022em; margin-block: 0 1rem; }
h2 { font-size: 1.5rem; margin-block: 3.5rem 0.75rem; scroll-margin-top: 1rem; }
h3 { font-size: 1.125rem; margin-block: 2rem 0.5rem; }
p { margin-block: 0.75rem; overflow-wrap: anywhere; text-wrap: pretty; }
.lede { font-size: 1.1875rem; color: var(--soft); }
a { color: var(--blue); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--orange); outline-offset: 2px; }
.skip { position: absolute; left: -999rem; background: var(--page); padding: 0.5rem 0.75rem; }
.skip:focus { left: 1rem; top: 0.5rem; }
nav {
  margin-block: 1.5rem 0; border-block: 1px solid var(--line); padding-block: 0.75rem; font-size: 0.9375rem;
}
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; margin: 0; padding: 0; }
.points { padding-left: 1.2rem; }
.points li { margin-block: 0.45rem; }
.soft, figcaption, caption, footer, .notes { color: var(--soft); }
.notes { font-size: 0.9375rem; padding-left: 1.2rem; margin-block: 0.25rem 1rem; }
.scroll { overflow-x: auto; }
.facts {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(13.5rem, 100%), 1fr)); gap: 1.25rem;
  margin-block: 1.5rem;
}
.fact {
  background: var(--wash); border: 1px solid var(--line); border-radius: 0.75rem; padding: 1.25rem 1.5rem;
}
.fact p { margin: 0; }
.fact > p:first-child { font-weight: 600; line-height: 1.35; text-wrap: balance; }
.fact .soft { font-size: 0.9375rem; line-height: 1.45; }
.fact dl { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem 1rem; margin: 0.75rem 0; }
.fact dt { font-size: 0.875rem; color: var(--soft); }
.fact dd {
  margin: 0; font-size: 2.125rem; line-height: 1.15; font-weight: 650; letter-spacing: -0.02em;
  font-variant-numeric: tabular-nums;
}
main > .scroll, main > figure, main > details, main > .card, main > .facts {
  max-width: min(var(--wide), 100%);
}
table {
  border-collapse: collapse; margin: 1.25rem auto; min-width: min(100%, var(--text)); font-size: 0.9375rem;
  line-height: 1.4; font-variant-numeric: tabular-nums;
}
caption {
  text-align: left; padding-bottom: 0.6rem; position: sticky; left: 0;
  max-width: min(var(--text), calc(100vw - 2 * var(--edge))); margin-inline: auto;
}
th, td {
  padding: 0.45rem 0.9rem; border-bottom: 1px solid var(--line); text-align: left; font-weight: 400;
  vertical-align: top;
}
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-weight: 600; vertical-align: bottom; border-bottom: 2px solid var(--ink); }
th.number, td.number { text-align: right; }
tbody th { min-width: 7.5rem; }
td:not(.number) { min-width: 6rem; }
figure { margin-block: 1.75rem; }
figure .scroll > svg {
  display: block; margin-inline: auto; width: 100%; min-width: 38rem; height: auto; background: none;
}
figcaption { font-size: 0.9375rem; max-width: var(--text); margin: 0.75rem auto 0; }
.legend {
  list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; padding: 0; margin: 0 auto 0.75rem;
  max-width: var(--text); font-size: 0.9375rem;
}
.panels {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(var(--least), 100%), 1fr));
  gap: 1.25rem 1.5rem;
}
.panel > p { margin: 0 0 0.25rem; font-weight: 600; font-size: 0.9375rem; }
.panel > svg { display: block; width: 100%; height: auto; background: none; }
.card {
  background: var(--wash); border: 1px solid var(--line); border-radius: 0.75rem; margin-block: 1.5rem;
  padding: clamp(1rem, 3vw, 2rem);
}
.card figure { margin-inline: 0; }
.card > *:first-child { margin-top: 0; }
.card > p, .card > h3 { max-width: var(--text); margin-inline: auto; }
.card caption { max-width: min(var(--text), calc(100vw - 4 * var(--edge))); }
details { margin-block: 0.5rem 1.5rem; }
summary {
  cursor: pointer; color: var(--blue); padding: 0.25rem 0; max-width: min(var(--text), 100%);
  margin-inline: auto; font-size: 0.9375rem;
}
footer {
  margin-top: 4rem; padding-block: 1.5rem 3rem; border-top: 1px solid var(--line); font-size: 0.9375rem;
}
@media (max-width: 40rem) { th, td { padding-inline: 0.5rem; } h2 { margin-top: 2.75rem; } }
@page { size: A4 landscape; margin: 12mm; }
@media print {
  html { font-size: 8.5pt; }
  header { padding-top: 0; }
  table { font-size: 0.8rem; }
  nav, .skip, details:not([open]) { display: none; }
  .scroll { overflow: visible; }
  figure .scroll > svg { min-width: 0; }
  figure, .panel, .fact, tr { break-inside: avoid; }
  h2, h3, caption { break-after: avoid; }
  th, td { padding: 0.15rem 0.4rem; }
  caption { position: static; }
  .card { border-radius: 0; }
}
`;
