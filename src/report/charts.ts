import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { severityBins, type SeverityPoint } from "../metrics/severity-bins.js";
import { colour } from "./palette.js";

/** Colours of the page's style sheet, so that charts adapt to light and dark. */
export const colours = {
  blue: colour("blue"),
  orange: colour("orange"),
  green: colour("green"),
  purple: colour("purple"),
} as const;

/**
 * Renders a plot without a browser.
 * @returns one self-contained `<svg>` element
 */
export function toSvg(options: Plot.PlotOptions): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const drawn = Plot.plot({ style: { fontSize: "12px" }, ...options, document });
  // Plot sets a white background in its own style. The page's background is used instead.
  const short = drawn.outerHTML.replace(/="[^"]*"/g, (attribute) =>
    attribute.replace(/(\d\.\d\d)\d+/g, "$1"),
  ); // rounded to hundredths of a pixel
  // Names of mark types do not help readers, and elements without a role must not have names.
  return short
    .replace(/ aria-label="[^"]*"/g, "")
    .replace("--plot-background: white;", "")
    .replace(/^<svg /, '<svg xmlns="http://www.w3.org/2000/svg" ');
}

/** Returns whole numbers from 1 for an axis of epochs, at most `count` of them. */
export function epochTicks(last: number, count: number): number[] {
  const step = Math.max(
    1,
    ...[1, 2, 5, 10, 20, 50, 100, 200, 500]
      .filter((size, i, sizes) => last / (sizes[i - 1] ?? 0.5) > count)
      .slice(-1),
  );
  return Array.from({ length: Math.floor(last / step) }, (_, i) => (i + 1) * step);
}

export interface CurvePoint {
  readonly model: string;
  readonly epoch: number;
  readonly loss: number;
  readonly split: "training" | "validation";
}

/**
 * Draws the loss over the epochs, one panel per model.
 * @param bestEpochs epoch selected on validation, by model; drawn as a vertical line
 */
export function trainingCurves(
  points: readonly CurvePoint[],
  bestEpochs: ReadonlyMap<string, number>,
): string {
  const models = [...new Set(points.map((point) => point.model))];
  const shared = { x: "epoch", y: "loss", fx: "model" } as const;
  return toSvg({
    width: 800,
    height: 270,
    marginBottom: 40,
    marginTop: 30,
    fx: { label: null, domain: models },
    x: { label: "epoch", ticks: 5 },
    y: { label: "task loss", grid: true, zero: true, nice: true },
    marks: [
      Plot.ruleX(
        [...bestEpochs].map(([model, epoch]) => ({ model, epoch })),
        { x: "epoch", fx: "model", strokeOpacity: 0.5, strokeDasharray: "2,3" },
      ),
      Plot.line(
        points.filter((point) => point.split === "training"),
        { ...shared, stroke: colours.blue, strokeWidth: 2 },
      ),
      Plot.line(
        points.filter((point) => point.split === "validation"),
        { ...shared, stroke: colours.orange, strokeWidth: 2, strokeDasharray: "5,3" },
      ),
      Plot.frame({ strokeOpacity: 0.2 }),
    ],
  });
}

/**
 * Draws predicted uncertainty against true severity, one panel per corruption kind: samples, and binned means
 * with the middle half.
 * @param cleanMean mean uncertainty of clean samples, drawn as a horizontal line
 * @param panelTitles titles by kind, e.g. the rank correlation
 */
export function severityChart(
  points: readonly SeverityPoint[],
  cleanMean: number | null,
  panelTitles: ReadonlyMap<string, string>,
): string {
  const titled = points.map((point) => ({ ...point, panel: panelTitles.get(point.kind) ?? point.kind }));
  const bins = severityBins(points).map((bin) => ({ ...bin, panel: panelTitles.get(bin.kind) ?? bin.kind }));
  const panels = [...new Set(titled.map((point) => point.panel))].sort();
  return toSvg({
    width: 800,
    height: 260,
    marginBottom: 40,
    marginTop: 30,
    marginLeft: 60,
    fx: { label: null, domain: panels },
    x: { label: "true severity", ticks: 3, zero: true },
    y: {
      label: "predicted uncertainty",
      labelAnchor: "center",
      labelArrow: "none",
      grid: true,
      nice: true,
      ticks: 5,
    },
    marks: [
      Plot.dot(titled, {
        x: "severity",
        y: "uncertainty",
        fx: "panel",
        r: 1.5,
        fill: "currentColor",
        fillOpacity: 0.25,
      }),
      ...(cleanMean === null
        ? []
        : [Plot.ruleY([cleanMean], { stroke: colours.green, strokeDasharray: "5,3" })]),
      Plot.ruleX(bins, {
        x: "severity",
        y1: "low",
        y2: "high",
        fx: "panel",
        stroke: colours.blue,
        strokeWidth: 2,
      }),
      Plot.line(bins, { x: "severity", y: "mean", fx: "panel", stroke: colours.blue, strokeWidth: 2 }),
      Plot.dot(bins, { x: "severity", y: "mean", fx: "panel", r: 4, fill: colours.blue }),
      Plot.frame({ strokeOpacity: 0.2 }),
    ],
  });
}

export interface ConditionPoint {
  readonly condition: string;
  readonly model: string;
  readonly value: number;
}

/** Draws one line per condition with one mark per model, to compare models across conditions. */
export function conditionChart(
  points: readonly ConditionPoint[],
  modelColours: ReadonlyMap<string, string>,
  label: string,
): string {
  const conditions = [...new Set(points.map((point) => point.condition))];
  const models = [...modelColours.keys()];
  return toSvg({
    width: 800,
    height: 70 + 26 * conditions.length,
    marginBottom: 42,
    marginLeft: 170,
    marginTop: 10,
    x: { label, grid: true, nice: true },
    y: { label: null, domain: conditions },
    color: { domain: models, range: [...modelColours.values()] },
    symbol: { domain: models, range: ["circle", "square", "triangle", "diamond"].slice(0, models.length) },
    marks: [
      Plot.ruleY(conditions, { strokeOpacity: 0.12 }),
      Plot.dot(points, { x: "value", y: "condition", stroke: "model", fill: "model", symbol: "model", r: 5 }),
    ],
  });
}
