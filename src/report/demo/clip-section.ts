import * as Plot from "@observablehq/plot";
import { toSvg } from "../charts.js";
import { details, heading, type Html, type LegendEntry, list, panels, paragraph, table } from "../html.js";
import { fixed } from "../numbers.js";
import { colour } from "../palette.js";
import { clipModelRemarks, clipRemarks } from "./clip-remarks.js";
import type { ClipResults, ClipSeries } from "./clip-results.js";
import { clipTable, clipViewTable } from "./clip-table.js";

/** Renders the real clip: the uncertainty of the corrupted input over the severity, and both tables. */
export function clipSection(clip: ClipResults): Html[] {
  const { series, model } = clip;
  const hasModel = !("reason" in model);
  return [
    heading("A real clip gets worse"),
    ...clipRemarks(clip).map(paragraph),
    ...(series.length === 0 ? [] : [table(clipTable(clip))]),
    list(clipModelRemarks(clip)),
    ...(hasModel ? [uncertaintyPanels(series)] : []),
    ...(hasModel ? [details("Numbers of this figure", [table(clipViewTable(clip))])] : []),
  ];
}

/** Colours of the first and the second kind of corruption of an input. */
const LOOKS = [{ stroke: colour("blue") }, { stroke: colour("orange"), dashes: "7,4" }] as const;

function lookOf(i: number): { readonly stroke: string; readonly dashes?: string } {
  return LOOKS[i % LOOKS.length] ?? LOOKS[0];
}

function uncertaintyPanels(series: readonly ClipSeries[]): Html {
  const modalities = [...new Set(series.map(({ modality }) => modality))];
  const ratios = series.flatMap((one) => ratiosOf(one).map(({ ratio }) => ratio));
  const range = [Math.min(0.5, ...ratios), Math.max(100, ...ratios)] as const;
  const shown = modalities.map((modality) => {
    const own = series.filter((one) => one.modality === modality);
    return {
      title: `${modality}: ${own.map(({ kind }) => kind).join(" (solid), ")} (dashed)`,
      svg: uncertaintySvg(own, range),
      alt: own.map(seriesInWords).join(" "),
    };
  });
  const legend: LegendEntry[] = [
    { label: "first kind of corruption", colour: LOOKS[0].stroke },
    { label: "second kind", colour: LOOKS[1].stroke, dashes: LOOKS[1].dashes },
  ];
  return panels(shown, {
    caption:
      "Uncertainty of the corrupted input, divided by that of the clean clip, on a logarithmic axis. Large " +
      "dots: the input is doubted. A line ends where no part of the input can be used.",
    legend,
    least: "15rem",
  });
}

interface RatioPoint {
  readonly severity: number;
  readonly ratio: number;
  readonly isDoubted: boolean;
}

/** Returns the uncertainties divided by that of the clean clip, without points that have none. */
function ratiosOf({ modality, points }: ClipSeries): RatioPoint[] {
  const clean = points[0]?.view?.inputs[modality]?.uncertainty ?? null;
  return points.flatMap(({ severity, view }) => {
    const own = view?.inputs[modality]?.uncertainty ?? null;
    if (clean === null || own === null) return [];
    const isDoubted = view?.doubted.some((doubt) => doubt.modality === modality) ?? false;
    return [{ severity, ratio: own / clean, isDoubted }];
  });
}

function seriesInWords(series: ClipSeries): string {
  const values = ratiosOf(series).map(
    ({ severity, ratio, isDoubted }) =>
      `${fixed(ratio, 1)} at severity ${severity}${isDoubted ? " (doubted)" : ""}`,
  );
  const { modality, kind } = series;
  return `Uncertainty of the ${modality} with ${kind}, relative to clean: ${values.join(", ")}.`;
}

/**
 * @param series kinds of corruption of one input
 * @param range ends of the axis, so that panels can be compared
 */
function uncertaintySvg(series: readonly ClipSeries[], range: readonly [number, number]): string {
  return toSvg({
    width: 300,
    height: 230,
    marginTop: 12,
    marginRight: 14,
    marginBottom: 40,
    marginLeft: 40,
    style: { fontSize: "12px" },
    x: { label: "severity", labelAnchor: "center", labelArrow: "none", domain: [0, 1], ticks: [0, 0.5, 1] },
    y: { type: "log", label: null, domain: [...range], grid: true, ticks: 3, tickFormat: "~g" },
    marks: series.flatMap((one, i) => {
      const { stroke, dashes } = lookOf(i);
      const points = ratiosOf(one);
      return [
        Plot.line(points, {
          x: "severity",
          y: "ratio",
          stroke,
          strokeWidth: 2.5,
          ...(dashes !== undefined && { strokeDasharray: dashes }),
        }),
        Plot.dot(points, {
          x: "severity",
          y: "ratio",
          r: (point: RatioPoint) => (point.isDoubted ? 6 : 3),
          fill: stroke,
        }),
      ];
    }),
    r: { type: "identity" },
  });
}
