import type { Attachment } from "svelte/attachments";
import type { LegendEntry } from "../../../src/report/html.js";
import { standaloneSvg } from "../../../src/report/standalone.js";
import { download } from "../ui/download.js";

/** Shows a chart that the library drew. */
export function drawn(svg: string): Attachment<HTMLElement> {
  return (node) => {
    node.innerHTML = svg;
  };
}

/** Saves a chart as a file, on white, with its legend. */
export function saveSvg(name: string, svg: string, legend: readonly LegendEntry[]): void {
  download(`${name}.svg`, "image/svg+xml", standaloneSvg(svg, legend));
}

/** Returns a title as the name of a file. */
export function fileName(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .replace(/^-|-$/gu, "");
}
