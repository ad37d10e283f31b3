import { escapeHtml, type LegendEntry } from "./html.js";
import { palette } from "./palette.js";

const HEADER = 30;

/**
 * Converts a chart to a separate file: on white, with fixed colours and the legend drawn in.
 * @param svg chart made by charts.ts
 */
export function standaloneSvg(svg: string, legend: readonly LegendEntry[] = []): string {
  const [, width = "800", height = "300"] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  const total = Number(height) + (legend.length === 0 ? 0 : HEADER);
  let x = 20;
  const keys = legend.map(({ label, colour }) => {
    const at = x;
    x += 45 + 7.5 * label.length;
    return (
      `<rect x="${at}" y="10" width="18" height="10" fill="${colour}"/>` +
      `<text x="${at + 24}" y="19">${escapeHtml(label)}</text>`
    );
  });
  const inner = svg.replace("<svg ", `<svg y="${total - Number(height)}" `);
  const text =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${total}" width="${width}" ` +
    `height="${total}" font-family="system-ui, sans-serif" font-size="13" fill="#1c2024" color="#1c2024">` +
    `<rect width="100%" height="100%" fill="#ffffff"/>${keys.join("")}${inner}</svg>\n`;
  return text.replace(/var\(--(\w+)\)/g, (_, name: string) => lightOf(name));
}

/** Returns the page's light colours, for pictures without a style sheet. */
function lightOf(name: string): string {
  return Object.entries(palette).find(([known]) => known === name)?.[1].light ?? palette.ink.light;
}
