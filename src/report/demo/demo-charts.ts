import * as Plot from "@observablehq/plot";
import { severityBins, type SeverityPoint } from "../../metrics/severity-bins.js";
import { toSvg } from "../charts.js";
import type { LegendEntry } from "../html.js";
import { colour, type ColourName } from "../palette.js";
import type { DemoModel, DemoUncertainty, NoiseCurve } from "./demo-results.js";

/** Colour, dashes and mark of each model, in the order of `DemoResults.models`. */
const LOOKS: readonly { readonly colour: ColourName; readonly dashes?: string }[] = [
  { colour: "blue" },
  { colour: "orange", dashes: "7,4" },
  { colour: "soft", dashes: "2,4" },
  { colour: "purple", dashes: "10,3,2,3" },
];

/** Returns colours and dashes of the models, for lines and legends. */
export function modelLegend(models: readonly DemoModel[]): LegendEntry[] {
  return models.map(({ label }, i) => {
    const { colour: name, dashes } = LOOKS[i] ?? { colour: "purple" };
    return { label, colour: colour(name), dashes };
  });
}

interface LinePoint {
  readonly where: string;
  readonly model: string;
  readonly deviation: number;
  readonly value: number;
}

function noisePoints(curves: readonly NoiseCurve[], models: readonly DemoModel[]): LinePoint[] {
  return curves.flatMap(({ where, levels }) =>
    levels.flatMap(({ deviation, results }) =>
      models.flatMap(({ label }) => {
        const value = results[label]?.Non0_acc_2;
        return typeof value === "number" ? [{ where, model: label, deviation, value }] : [];
      }),
    ),
  );
}

/** Returns the smallest and largest accuracy of all curves, so that panels share their axis. */
function accuracyRange(points: readonly LinePoint[]): [number, number] {
  const values = points.map(({ value }) => value);
  return [Math.floor(20 * Math.min(...values, 0.9)) / 20, Math.ceil(20 * Math.max(...values, 0.5)) / 20];
}

/** Draws accuracy over noise, one line per model with its name at the end. */
export function noiseSvg(
  curve: NoiseCurve,
  all: readonly NoiseCurve[],
  models: readonly DemoModel[],
): string {
  const range = accuracyRange(noisePoints(all, models));
  const points = noisePoints([curve], models);
  return toSvg({
    width: 500,
    height: 320,
    marginTop: 20,
    marginRight: 142,
    marginBottom: 44,
    marginLeft: 48,
    style: { fontSize: "13px" },
    x: { label: "noise (standard deviations of the features)", labelAnchor: "center", labelArrow: "none" },
    y: { label: "accuracy", grid: true, domain: range, ticks: 6, tickFormat: ".2f" },
    marks: [...lineMarks(points, models), ...endLabels(points, models, range)],
  });
}

/** Draws all curves side by side as one picture. The caller adds the legend. */
export function noisePictureSvg(curves: readonly NoiseCurve[], models: readonly DemoModel[]): string {
  const points = noisePoints(curves, models);
  return toSvg({
    width: 860,
    height: 300,
    marginTop: 30,
    marginBottom: 44,
    marginLeft: 48,
    style: { fontSize: "13px" },
    fx: { label: null, domain: curves.map(({ where }) => where), padding: 0.08 },
    x: { label: "noise (standard deviations of the features)", labelAnchor: "center", labelArrow: "none" },
    y: { label: "accuracy", grid: true, domain: accuracyRange(points), ticks: 6, tickFormat: ".2f" },
    marks: lineMarks(points, models, { fx: "where" }),
  });
}

function lineMarks(
  points: readonly LinePoint[],
  models: readonly DemoModel[],
  facet: { readonly fx?: "where" } = {},
): Plot.Markish[] {
  return modelLegend(models).flatMap(({ label, colour: stroke, dashes }, i) => {
    const own = points.filter(({ model }) => model === label);
    const symbol = (["circle", "square", "triangle", "diamond"] as const)[i] ?? "star";
    return [
      Plot.line(own, {
        x: "deviation",
        y: "value",
        stroke,
        strokeWidth: 2.5,
        ...facet,
        ...(dashes !== undefined && { strokeDasharray: dashes }),
      }),
      Plot.dot(own, { x: "deviation", y: "value", fill: stroke, symbol, r: 4.5, ...facet }),
    ];
  });
}

/** Places names at the ends of the lines, moved apart if lines end close together. */
function endLabels(
  points: readonly LinePoint[],
  models: readonly DemoModel[],
  [low, high]: readonly [number, number],
): Plot.Markish[] {
  const last = Math.max(...points.map(({ deviation }) => deviation));
  const gap = (high - low) * 0.065;
  const ends = points.filter(({ deviation }) => deviation === last).sort((a, b) => a.value - b.value);
  let floor = -Infinity;
  const placed = ends.map((end) => {
    floor = Math.max(end.value, floor + gap);
    return { ...end, value: floor };
  });
  const overflow = Math.max(0, (placed.at(-1)?.value ?? 0) - high);
  return modelLegend(models).map(({ label, colour: fill }) =>
    Plot.text(
      placed.filter(({ model }) => model === label).map((end) => ({ ...end, value: end.value - overflow })),
      { x: "deviation", y: "value", text: "model", fill, textAnchor: "start", dx: 10, fontWeight: 600 },
    ),
  );
}

/**
 * Draws the percentile of the uncertainty over the severity of one corruption kind: inputs and binned means.
 */
export function followSvg(
  points: readonly SeverityPoint[],
  { wholeMean }: Pick<DemoUncertainty, "wholeMean">,
  stroke: string,
): string {
  const bins = severityBins(points);
  return toSvg({
    width: 240,
    height: 210,
    marginTop: 10,
    marginRight: 10,
    marginBottom: 36,
    marginLeft: 34,
    x: { label: "severity", labelAnchor: "center", labelArrow: "none", domain: [0, 1], ticks: [0, 0.5, 1] },
    y: { label: null, domain: [0, 100], ticks: [0, 50, 100], grid: true },
    marks: [
      Plot.dot(points, { x: "severity", y: "uncertainty", r: 1.6, fill: "currentColor", fillOpacity: 0.28 }),
      ...(wholeMean === null
        ? []
        : [Plot.ruleY([wholeMean], { stroke: colour("green"), strokeWidth: 2, strokeDasharray: "5,3" })]),
      Plot.ruleX(bins, { x: "severity", y1: "low", y2: "high", stroke, strokeWidth: 5, strokeOpacity: 0.3 }),
      Plot.line(bins, { x: "severity", y: "mean", stroke, strokeWidth: 2.5 }),
      Plot.dot(bins, { x: "severity", y: "mean", r: 3.5, fill: stroke }),
    ],
  });
}

/**
 * Draws the features of one input as bars around 0.
 * @param largest end of the axis, so that panels can be compared
 */
export function featuresSvg(features: readonly number[], largest: number, stroke: string): string {
  const bars = features.map((value, feature) => ({ feature, value }));
  return toSvg({
    width: 460,
    height: 160,
    marginTop: 10,
    marginRight: 8,
    marginBottom: 40,
    marginLeft: 34,
    x: { label: "feature", labelAnchor: "center", labelArrow: "none", ticks: 4 },
    y: { label: null, domain: [-largest, largest], ticks: 5, grid: true },
    marks: [
      Plot.ruleY([0], { strokeOpacity: 0.4 }),
      Plot.ruleX(bars, {
        x: "feature",
        y1: 0,
        y2: "value",
        stroke,
        strokeWidth: Math.max(0.6, Math.min(4, 400 / features.length)),
      }),
    ],
  });
}
