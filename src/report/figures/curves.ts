import * as Plot from "@observablehq/plot";
import type { CurvesFigure } from "../../experiments/figure-result.js";
import { colours, epochTicks, toSvg } from "../charts.js";
import type { Table } from "../html.js";
import { fixed } from "../numbers.js";
import { seriesChart, type SeriesPoint } from "../series-chart.js";
import type { FigurePart, PlainPoint } from "./figure-part.js";

type Spread = { readonly mean: number; readonly deviation: number | null };

/** Maximum number of epochs in the table of numbers. */
const SHOWN = 12;

/** Builds figure 5: losses by model, and the validation metric of all models. */
export function curvesParts(figure: CurvesFigure): FigurePart[] {
  return [lossPart(figure), metricPart(figure)];
}

function lossPart({ rows }: CurvesFigure): FigurePart {
  const sides = [
    ["training", "train", colours.blue],
    ["validation", "valid", colours.orange],
  ] as const;
  const points = rows.flatMap(({ label, points: line }) =>
    sides.flatMap(([split, key]) => line.flatMap((point) => banded(label, split, point.epoch, point[key]))),
  );
  const marks = sides.flatMap(([split, , stroke]) => {
    const own = points.filter(({ split: one }) => one === split);
    return [
      Plot.areaY(own, { x: "x", y1: "low", y2: "high", fx: "series", fill: stroke, fillOpacity: 0.15 }),
      Plot.line(own, {
        x: "x",
        y: "y",
        fx: "series",
        stroke,
        strokeWidth: 1.75,
        ...(split === "validation" && { strokeDasharray: "5,3" }),
      }),
    ];
  });
  const last = Math.max(0, ...points.map(({ x }) => x));
  const bestEpochs = rows.flatMap(({ label, bestEpochs: epochs }) =>
    epochs.map((x) => ({ series: label, x })),
  );
  const svg = toSvg({
    width: 800,
    height: 276,
    marginTop: 50,
    marginBottom: 40,
    fx: {
      label: null,
      domain: rows.map(({ label }) => label),
      tickFormat: (label: string) =>
        label.replace(", ", ",\n").replace("without ", "without\n").replace("plain MLP", "plain\nMLP"),
    },
    x: { label: "epoch", ticks: epochTicks(last, 3), tickFormat: "d" },
    y: { label: "task loss", grid: true, zero: true, nice: true },
    marks: [
      Plot.ruleX(bestEpochs, { x: "x", fx: "series", strokeOpacity: 0.4, strokeDasharray: "2,3" }),
      ...marks,
      Plot.frame({ strokeOpacity: 0.2 }),
    ],
  });
  const ends = rows
    .map(
      ({ label, bestEpochs: epochs, points: line }) =>
        `${label}: best epochs ${epochs.join(" and ")} of ${line.length}`,
    )
    .join("; ");
  return {
    heading: "Losses",
    chart: {
      svg,
      caption:
        "Task loss over the epochs, mean and standard deviation over the seeds that reached the " +
        "epoch. A dotted line marks an epoch selected on validation. Training losses are measured " +
        "with dropout, so they can be above validation losses.",
      alt: `Training and validation loss over epochs for each model. ${ends}.`,
      legend: [
        { label: "training", colour: colours.blue },
        { label: "validation", colour: colours.orange, dashes: "5,3" },
      ],
    },
    tables: rows.map(({ label, points: line }) =>
      epochTable(
        `${label}: task losses`,
        ["training", "validation"],
        line.map(({ epoch, runs, train, valid }) => ({ epoch, runs, values: [train, valid] })),
      ),
    ),
    points: points.map(({ series, split, x, y, low, high }) => ({
      panel: `task loss, ${split}`,
      series,
      x,
      y,
      low,
      high,
    })),
  };
}

function metricPart({ rows, metric }: CurvesFigure): FigurePart {
  const points = rows.flatMap(({ label, points: line }) =>
    line.flatMap((point) => banded(label, "validation", point.epoch, point.metric)),
  );
  const { svg, legend } = seriesChart(points, {
    xLabel: "epoch",
    yLabel: `validation ${metric}`,
    ticks: epochTicks(Math.max(0, ...points.map(({ x }) => x)), 10),
  });
  const ends = rows
    .map(({ label, points: line }) => `${label}: ${fixed(line.at(-1)?.metric?.mean)} at the end`)
    .join("; ");
  return {
    heading: `${metric} of the validation split`,
    chart: {
      svg,
      legend,
      caption:
        `${metric} of the validation split over the epochs, mean and standard deviation over the seeds ` +
        "that reached the epoch. The axis does not start at 0.",
      alt: `Validation ${metric} over epochs. ${ends}.`,
    },
    tables: rows.map(({ label, points: line }) =>
      epochTable(
        `${label}: validation`,
        [metric],
        line.map(({ epoch, runs, metric: value }) => ({ epoch, runs, values: [value] })),
      ),
    ),
    points: points.map(({ series, x, y, low, high }): PlainPoint => ({
      panel: `validation ${metric}`,
      series,
      x,
      y,
      low,
      high,
    })),
  };
}

function banded(
  series: string,
  split: string,
  x: number,
  value: Spread | null,
): (SeriesPoint & { readonly split: string; readonly low: number; readonly high: number })[] {
  return value === null
    ? []
    : [
        {
          series,
          split,
          x,
          y: value.mean,
          low: value.mean - (value.deviation ?? 0),
          high: value.mean + (value.deviation ?? 0),
        },
      ];
}

/** Tabulates the epochs. Long trainings show only some, evenly spaced; figures.csv has all. */
function epochTable(
  name: string,
  headings: readonly string[],
  line: readonly {
    readonly epoch: number;
    readonly runs: number;
    readonly values: readonly (Spread | null)[];
  }[],
): Table {
  const step = Math.max(1, Math.ceil(line.length / SHOWN));
  const shown = line.filter((_, i) => i % step === 0 || i === line.length - 1);
  return {
    caption:
      `${name}. Mean ± standard deviation over the runs that reached the ` +
      `epoch${step > 1 ? `; every ${step}th epoch` : ""}.`,
    columns: [
      { heading: "epoch" },
      { heading: "runs", numeric: true },
      ...headings.map((heading) => ({ heading, numeric: true })),
    ],
    rows: shown.map(({ epoch, runs, values }) => [String(epoch), String(runs), ...values.map(spreadText)]),
  };
}

/** Formats a mean and deviation, e.g. "0.81 ± 0.01". */
export function spreadText(value: Spread | null): string {
  return value === null
    ? "n/a"
    : `${fixed(value.mean)}${value.deviation === null ? "" : ` ± ${fixed(value.deviation)}`}`;
}
