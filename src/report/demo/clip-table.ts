import type { Table } from "../html.js";
import { fixed } from "../numbers.js";
import type { ClipPoint, ClipResults, ClipSeries } from "./clip-results.js";

/** Tabulates what the quality measures find in the clip, one row per kind of corruption. */
export function clipTable({ series }: ClipResults): Table {
  const severities = series[0]?.points.map(({ severity }) => severity) ?? [];
  return {
    caption:
      "What the quality measures find in the real clip at each severity, and how severe it is, in [0, 1]. " +
      "Only the named input is corrupted.",
    columns: [
      { heading: "input" },
      { heading: "corruption" },
      ...severities.map((severity) => ({ heading: `severity ${severity}` })),
    ],
    rows: series.map((one: ClipSeries) => [one.modality, one.kind, ...one.points.map(problemsInWords)]),
  };
}

/** Returns the problems with their severities, "nothing" without problems. */
export function problemsInWords({ problems }: ClipPoint): string {
  return problems.map(({ code, severity }) => `${code} ${fixed(severity, 2)}`).join(", ") || "nothing";
}
