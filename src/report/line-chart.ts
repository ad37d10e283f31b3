import * as Plot from "@observablehq/plot";
import { colours, toSvg } from "./charts.js";
import type { LegendEntry } from "./html.js";

export interface LinePoint {
  readonly series: string;
  /** Place on the horizontal axis; places come in the order in which they appear. */
  readonly at: string;
  /** Null: left out. */
  readonly mean: number | null;
  readonly deviation: number | null;
}

const PALETTE = [colours.blue, colours.orange, colours.green, colours.purple, "currentColor"] as const;

/** A line per series over named places, with bands of one deviation. */
export function lineChart(points: readonly LinePoint[], xLabel: string, yLabel: string): { readonly svg: string; readonly legend: readonly LegendEntry[] } {
  const series = [...new Set(points.map((point) => point.series))];
  const places = [...new Set(points.map((point) => point.at))];
  const known = points.flatMap((point) => (point.mean === null ? [] : [{ ...point, mean: point.mean, low: point.mean - (point.deviation ?? 0), high: point.mean + (point.deviation ?? 0) }]));
  const legend = series.map((label, i): LegendEntry => ({ label, colour: PALETTE[i % PALETTE.length] ?? "currentColor", dashed: i >= PALETTE.length }));
  const colour = new Map(legend.map((entry) => [entry.label, entry.colour]));
  const svg = toSvg({
    width: 800,
    height: 320,
    marginBottom: 48,
    marginLeft: 60,
    x: { type: "point", domain: places, label: xLabel },
    y: { label: yLabel, grid: true, nice: true },
    marks: series.flatMap((label) => {
      const own = known.filter((point) => point.series === label);
      const stroke = colour.get(label) ?? "currentColor";
      return [
        Plot.ruleX(own, { x: "at", y1: "low", y2: "high", stroke, strokeWidth: 6, strokeOpacity: 0.2 }),
        Plot.line(own, { x: "at", y: "mean", stroke, strokeWidth: 2 }),
        Plot.dot(own, { x: "at", y: "mean", fill: stroke, r: 4 }),
      ];
    }),
  });
  return { svg, legend };
}
