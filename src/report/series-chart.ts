import * as Plot from "@observablehq/plot";
import { toSvg } from "./charts.js";
import type { LegendEntry } from "./html.js";
import { seriesLook } from "./palette.js";

export interface SeriesPoint {
  readonly series: string;
  readonly x: number;
  readonly y: number;
  /** Lower end of a band around the line. */
  readonly low?: number;
  readonly high?: number;
}

export interface SeriesChartOptions {
  readonly xLabel: string;
  readonly yLabel: string;
  /** Draw a thin line where y equals x. */
  readonly diagonal?: boolean;
  /** Start both axes at 0. Default false. */
  readonly zero?: boolean;
  /** Ticks of the horizontal axis. */
  readonly ticks?: readonly number[];
  /** Draw marks at the points. Default false. */
  readonly dots?: boolean;
  /** All series in the order of their colours, if charts share them. Default: those of the points. */
  readonly names?: readonly string[];
  /** Size in pixels. Default 800 x 340. */
  readonly width?: number;
  readonly height?: number;
}

/** Writes the tick of an axis with a single value, which the library would write with six decimals. */
function onlyTick(
  values: readonly number[],
  zero: boolean,
): { readonly ticks: readonly number[]; readonly tickFormat: (value: number) => string } | undefined {
  const [only, ...others] = new Set(zero ? [...values, 0] : values);
  if (only === undefined || others.length > 0) return undefined;
  return { ticks: [only], tickFormat: (value) => String(Number(value.toPrecision(4))) };
}

/** Draws one line per series over a numeric axis, with bands. */
export function seriesChart(
  points: readonly SeriesPoint[],
  options: SeriesChartOptions,
): { readonly svg: string; readonly legend: readonly LegendEntry[] } {
  const { xLabel, yLabel, diagonal = false, zero = false, dots = false, ticks } = options;
  const shown = new Set(points.map(({ series }) => series));
  const legend = [...new Set([...(options.names ?? []), ...shown])]
    .map((label, i): LegendEntry => ({ label, ...seriesLook(i) }))
    .filter(({ label }) => shown.has(label));
  const xs = points.map(({ x }) => x);
  const ys = points.flatMap(({ y, low = y, high = y }) => [y, low, high]);
  const ends = points.flatMap(({ x, y }) => [x, y]);
  const corners = [Math.min, Math.max].map((end) => ends.reduce((a, b) => end(a, b), ends.at(0) ?? 0));
  const line = corners.map((at) => ({ x: at, y: at }));
  const svg = toSvg({
    width: options.width ?? 800,
    height: options.height ?? 340,
    marginTop: 26, // the label of the vertical axis is above its highest tick
    marginBottom: 44,
    marginLeft: 60,
    x: {
      label: xLabel,
      zero,
      nice: ticks === undefined,
      ...(ticks ? { ticks, tickFormat: "d" } : onlyTick(xs, zero)),
    },
    y: { label: yLabel, grid: true, nice: true, zero, ...onlyTick(ys, zero) },
    marks: [
      ...(diagonal && points.length > 0
        ? [
            Plot.line(line, {
              x: "x",
              y: "y",
              stroke: "currentColor",
              strokeOpacity: 0.5,
              strokeDasharray: "2,3",
            }),
          ]
        : []),
      ...legend.flatMap(({ label, colour, dashes }) => {
        const own = points.filter(({ series }) => series === label);
        const banded = own.filter(({ low, high }) => low !== undefined && high !== undefined);
        return [
          Plot.areaY(banded, { x: "x", y1: "low", y2: "high", fill: colour, fillOpacity: 0.15 }),
          Plot.line(own, {
            x: "x",
            y: "y",
            stroke: colour,
            strokeWidth: 2,
            ...(dashes !== undefined && { strokeDasharray: dashes }),
          }),
          ...(dots ? [Plot.dot(own, { x: "x", y: "y", fill: colour, r: 3.5 })] : []),
        ];
      }),
    ],
  });
  return { svg, legend };
}
