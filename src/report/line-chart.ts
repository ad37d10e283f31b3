import * as Plot from "@observablehq/plot";
import { toSvg } from "./charts.js";
import type { LegendEntry } from "./html.js";
import { seriesLook } from "./palette.js";

export interface LinePoint {
  readonly series: string;
  /** Position on the horizontal axis. Positions are ordered by their first occurrence. */
  readonly at: string;
  /** Mean; null values are left out. */
  readonly mean: number | null;
  readonly deviation: number | null;
}

/** Draws one line per series over named positions, with bands of one standard deviation. */
export function lineChart(
  points: readonly LinePoint[],
  xLabel: string,
  yLabel: string,
): { readonly svg: string; readonly legend: readonly LegendEntry[] } {
  const series = [...new Set(points.map((point) => point.series))];
  const places = [...new Set(points.map((point) => point.at))];
  const known = points.flatMap((point) =>
    point.mean === null
      ? []
      : [
          {
            ...point,
            mean: point.mean,
            low: point.mean - (point.deviation ?? 0),
            high: point.mean + (point.deviation ?? 0),
          },
        ],
  );
  const legend = series.map((label, i): LegendEntry => ({ label, ...seriesLook(i) }));
  const svg = toSvg({
    width: 800,
    height: 320,
    marginBottom: 48,
    marginLeft: 60,
    x: { type: "point", domain: places, label: xLabel },
    y: { label: yLabel, grid: true, nice: true },
    marks: legend.flatMap(({ label, colour: stroke, dashes }) => {
      const own = known.filter((point) => point.series === label);
      return [
        Plot.ruleX(own, { x: "at", y1: "low", y2: "high", stroke, strokeWidth: 6, strokeOpacity: 0.2 }),
        Plot.line(own, {
          x: "at",
          y: "mean",
          stroke,
          strokeWidth: 2,
          ...(dashes !== undefined && { strokeDasharray: dashes }),
        }),
        Plot.dot(own, { x: "at", y: "mean", fill: stroke, r: 4 }),
      ];
    }),
  });
  return { svg, legend };
}
