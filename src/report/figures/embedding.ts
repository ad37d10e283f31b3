import * as Plot from "@observablehq/plot";
import type { EmbeddingFigure } from "../../experiments/figure-result.js";
import { toSvg } from "../charts.js";
import type { LegendEntry } from "../html.js";
import { fixed } from "../numbers.js";
import { seriesLook } from "../palette.js";
import type { FigurePart } from "./figure-part.js";

/** Shapes in addition to colours, for readers who cannot distinguish the colours. */
const SYMBOLS = ["circle", "triangle", "square", "diamond", "star", "wye", "times", "plus"] as const;

/** Builds figure 6: one panel per model and condition. */
export function embeddingParts({ groups, panels, chance }: EmbeddingFigure): FigurePart[] {
  const models = [...new Set(panels.map(({ model }) => model))];
  const conditions = [...new Set(panels.map(({ condition }) => condition))];
  const points = panels.flatMap(({ model, condition, points: places }) =>
    places.map(([x, y, group]) => ({ model, condition, x, y, group: groups[group] ?? "" })),
  );
  const present = groups.filter((name) => points.some(({ group }) => group === name));
  const looks = present.map((label, i): LegendEntry & { readonly symbol: (typeof SYMBOLS)[number] } => ({
    label,
    colour: seriesLook(i).colour,
    symbol: SYMBOLS[i % SYMBOLS.length] ?? "circle",
  }));
  const svg = toSvg({
    width: 800,
    height: 40 + 165 * Math.max(1, models.length),
    marginTop: 26,
    marginLeft: 8,
    marginRight: 116,
    marginBottom: 8,
    fx: { axis: null, domain: conditions },
    fy: { axis: null, domain: models },
    x: { axis: null, domain: [-1.05, 1.05] },
    y: { axis: null, domain: [-1.05, 1.05] },
    color: { domain: present, range: looks.map(({ colour }) => colour) },
    symbol: { domain: present, range: looks.map(({ symbol }) => symbol) },
    marks: [
      Plot.axisFx({ anchor: "top", label: null }),
      Plot.axisFy({
        anchor: "right",
        label: null,
        tickFormat: (label: string) => label.replace(", ", ",\n"),
      }),
      Plot.frame({ strokeOpacity: 0.25 }),
      Plot.dot(points, {
        x: "x",
        y: "y",
        fx: "condition",
        fy: "model",
        fill: "group",
        symbol: "group",
        r: 2.2,
        fillOpacity: 0.8,
      }),
    ],
  });
  const found = (model: string, condition: string): number | null =>
    panels.find((panel) => panel.model === model && panel.condition === condition)?.agreement ?? null;
  const agreements = models
    .map(
      (model) =>
        `${model}: ` +
        conditions.map((condition) => `${condition} ${fixed(found(model, condition), 2)}`).join(", "),
    )
    .join("; ");
  return [
    {
      chart: {
        svg,
        caption:
          "Each mark is a test sample. In a t-SNE, distances between separate groups and the sizes " +
          "of groups have no meaning. The table below is computed from the joint features themselves.",
        alt:
          "t-SNE of joint features by model and available modalities. Fraction of neighbours in the " +
          `same group: ${agreements}; by chance ${fixed(chance, 2)}.`,
        legend: looks.map(({ label, colour, symbol }) => ({ label: `${label} (${symbol})`, colour })),
      },
      tables: [
        {
          caption:
            "Mean fraction of a sample's 10 nearest neighbours among the joint features that are in " +
            `its own group; by chance ${fixed(chance)}. One seed.`,
          columns: [{ heading: "model" }, ...conditions.map((heading) => ({ heading, numeric: true }))],
          rows: models.map((model) => [
            model,
            ...conditions.map((condition) => fixed(found(model, condition))),
          ]),
        },
      ],
      points: points.map(({ model, condition, x, y, group }) => ({
        panel: `${model}, ${condition}`,
        series: group,
        x,
        y,
      })),
    },
  ];
}
