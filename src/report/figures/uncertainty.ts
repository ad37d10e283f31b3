import * as Plot from "@observablehq/plot";
import type { UncertaintyFigure } from "../../experiments/figure-result.js";
import { colours, toSvg } from "../charts.js";
import { fixed } from "../numbers.js";
import { seriesChart, type SeriesPoint } from "../series-chart.js";
import { spreadText } from "./curves.js";
import type { FigurePart } from "./figure-part.js";
import { severityPart } from "./severity-part.js";

type Row = UncertaintyFigure["rows"][number];

const PROMISES = {
  confidence: {
    name: "confidence",
    x: "confidence in the most probable class",
    y: "fraction of correct predictions",
    gap: "expected calibration error",
  },
  "expected-error": { name: "expected error", x: "expected error", y: "error made", gap: "mean gap" },
  spread: {
    name: "spread",
    x: "absolute error expected by the predicted Gaussian",
    y: "observed absolute error",
    gap: "mean gap",
  },
} as const;

/** Builds the parts: reliability, coverage, risk over coverage, severity, routing. */
export function uncertaintyParts(figure: UncertaintyFigure): FigurePart[] {
  const promises = (["confidence", "expected-error", "spread"] as const).flatMap((promise) =>
    reliabilityPart(figure, promise),
  );
  return [
    ...promises,
    ...coveragePart(figure),
    ...riskPart(figure),
    ...figure.rows.flatMap(severityPart),
    ...figure.rows.flatMap(routingParts),
  ];
}

function reliabilityPart({ rows }: UncertaintyFigure, promise: keyof typeof PROMISES): FigurePart[] {
  const { name, x, y, gap } = PROMISES[promise];
  const own = rows.flatMap(({ label, reliability }) =>
    reliability.filter((one) => one.promise === promise).map((one) => ({ label, ...one })),
  );
  if (own.length === 0) return [];
  const points = own.flatMap(({ label, bins }) =>
    bins.map(({ predicted, actual, samples }) => ({ series: label, x: predicted, y: actual, samples })),
  );
  const { svg, legend } = seriesChart(points, { xLabel: x, yLabel: y, diagonal: true, dots: true });
  const gaps = own.map((one) => `${one.label} ${fixed(one.gap.mean)}`).join(", ");
  return [
    {
      heading: `Reliability of the ${name}`,
      chart: {
        svg,
        legend,
        caption:
          `${y.charAt(0).toUpperCase()}${y.slice(1)} over ${x}, ` +
          `${promise === "confidence" ? "in bins of width 0.1" : "in ten groups of equal size"}, all ` +
          "seeds together. On the dotted line, the model is calibrated; " +
          `${promise === "confidence" ? "below" : "above"} it, the model is overconfident.`,
        alt: `Reliability diagram of the ${name}. ${gap}: ${gaps}.`,
      },
      tables: [
        {
          caption:
            `Reliability of the ${name}: ${gap}. ` + "Mean ± standard deviation over seeds; less is better.",
          columns: [{ heading: "model" }, { heading: gap, numeric: true }],
          rows: own.map((one) => [one.label, spreadText(one.gap)]),
        },
        {
          caption: `Reliability of the ${name}: predicted / observed / samples, for each bin.`,
          columns: [
            { heading: "model" },
            ...Array.from({ length: Math.max(...own.map(({ bins }) => bins.length)) }, (_, i) => ({
              heading: String(i + 1),
              numeric: true,
            })),
          ],
          rows: own.map(({ label, bins }) => [
            label,
            ...padded(
              bins.map(
                ({ predicted, actual, samples }) =>
                  `${fixed(predicted, 2)} / ${fixed(actual, 2)} / ${samples}`,
              ),
              Math.max(...own.map((one) => one.bins.length)),
            ),
          ]),
        },
      ],
      points: points.map(({ series, x: at, y: value, samples }) => ({
        panel: `reliability: ${name}`,
        series,
        x: at,
        y: value,
        samples,
      })),
    },
  ];
}

function padded(cells: readonly string[], length: number): string[] {
  return Array.from({ length }, (_, i) => cells[i] ?? "");
}

function coveragePart({ rows, risk }: UncertaintyFigure): FigurePart[] {
  const own = rows.filter(({ coverage }) => coverage.length > 0);
  if (own.length === 0) return [];
  const what = risk === "error rate" ? "sets of classes" : "intervals";
  const points = own.flatMap(({ label, coverage }) =>
    coverage.map(({ level, coverage: { mean, deviation } }) => ({
      series: label,
      x: level,
      y: mean,
      low: mean - (deviation ?? 0),
      high: mean + (deviation ?? 0),
    })),
  );
  const { svg, legend } = seriesChart(points, {
    xLabel: "nominal coverage",
    yLabel: "observed coverage",
    diagonal: true,
    dots: true,
  });
  const levels = own[0]?.coverage.map(({ level }) => level) ?? [];
  const coverages = own
    .map(
      ({ label, coverage }) =>
        `${label} ${fixed(coverage.find(({ level }) => level === 0.9)?.coverage.mean)}`,
    )
    .join(", ");
  return [
    {
      heading: `Coverage of ${what}`,
      chart: {
        svg,
        legend,
        caption:
          `Observed over nominal coverage of ${what} (split conformal prediction, fitted on the ` +
          "validation split). On the dotted line, they are equal.",
        alt: `Coverage of ${what}. At the nominal level 0.9: ${coverages}.`,
      },
      tables: [
        {
          caption:
            `Coverage of ${what} (mean ${risk === "error rate" ? "number of classes" : "width"} in ` +
            "brackets), and at 0.9 by thirds of the samples, the least uncertain first.",
          columns: [
            { heading: "model" },
            ...levels.map((level) => ({ heading: String(level), numeric: true })),
            ...["certain third", "middle third", "uncertain third"].map((heading) => ({
              heading,
              numeric: true,
            })),
          ],
          rows: own.map(({ label, coverage, coverageByUncertainty }) => [
            label,
            ...levels.map((level) => {
              const found = coverage.find((one) => one.level === level);
              return found ? `${fixed(found.coverage.mean)} (${fixed(found.meanSize, 2)})` : "n/a";
            }),
            ...[0, 1, 2].map((third) => fixed(coverageByUncertainty[third])),
          ]),
        },
      ],
      points: points.map((point) => ({ panel: `coverage of ${what}`, ...point })),
    },
  ];
}

function riskPart({ rows, risk }: UncertaintyFigure): FigurePart[] {
  const own = rows.flatMap(({ label, selective }) =>
    selective.map((one) => ({ label: one.by === "confidence" ? `${label}, by confidence` : label, ...one })),
  );
  if (own.length === 0) return [];
  const points = own.flatMap(({ label, points: line }): SeriesPoint[] =>
    line.map(({ coverage, risk: y }) => ({ series: label, x: coverage, y })),
  );
  const { svg, legend } = seriesChart(points, {
    xLabel: "fraction of samples kept, the most certain first",
    yLabel: risk,
  });
  const areas = own.map(({ label, area }) => `${label} ${fixed(area.mean)}`).join(", ");
  return [
    {
      heading: "Risk over coverage",
      chart: {
        svg,
        legend,
        caption:
          `Mean ${risk} of the samples that are kept, the least uncertain first. A line that rises to ` +
          "the right shows that the uncertainty ranks the predictions by their error. The axis does " +
          "not start at 0.",
        alt: `Risk-coverage curves. Area under them: ${areas}.`,
      },
      tables: [
        {
          caption:
            "Area under the risk-coverage curve (AURC; less is better), mean ± standard deviation over " +
            `seeds, and the ${risk} at some coverages.`,
          columns: [
            { heading: "model" },
            { heading: "AURC", numeric: true },
            ...[0.25, 0.5, 0.75, 1].map((at) => ({ heading: String(at), numeric: true })),
          ],
          rows: own.map(({ label, area, points: line }) => [
            label,
            spreadText(area),
            ...[0.25, 0.5, 0.75, 1].map((at) => fixed(nearest(line, at))),
          ]),
        },
      ],
      points: points.map(({ series, x, y }) => ({ panel: "risk over coverage", series, x, y })),
    },
  ];
}

function nearest(
  line: readonly { readonly coverage: number; readonly risk: number }[],
  at: number,
): number | null {
  return (
    line.reduce<{ readonly coverage: number; readonly risk: number } | null>(
      (best, point) =>
        best === null || Math.abs(point.coverage - at) < Math.abs(best.coverage - at) ? point : best,
      null,
    )?.risk ?? null
  );
}

/** Names of the rows of heat maps. */
const OVER = { kinds: "kind of corruption", noise: "noise" } as const;
/** Darkest cell. Text on it must stay readable. */
const DARKEST = 0.5;

/** Builds heat maps of the experts by kind of corruption, and by noise. */
export function routingParts({ label, routing }: Row): FigurePart[] {
  return (["kinds", "noise"] as const).flatMap((over): FigurePart[] => {
    const own = routing.filter((one) => one.over === over && one.kinds.length > 1);
    if (own.length === 0) return [];
    const cells = own.flatMap(({ modality, kinds }) =>
      kinds.flatMap(({ kind, shares }) =>
        shares.map((share, expert) => ({ modality, kind, expert: expert + 1, share })),
      ),
    );
    const kinds = [...new Set(cells.map(({ kind }) => kind))];
    const most = Math.max(...cells.map(({ share }) => share));
    const experts = Math.max(...cells.map(({ expert }) => expert));
    const svg = toSvg({
      width: 800,
      height: 60 + 24 * kinds.length,
      marginTop: 28,
      marginBottom: 36,
      marginLeft: 96,
      fx: { label: null, domain: own.map(({ modality }) => modality) },
      x: { type: "band", label: "expert", padding: 0.04 },
      y: { type: "band", label: null, domain: kinds, padding: 0.04 },
      opacity: { domain: [0, most], range: [0, DARKEST] },
      marks: [
        Plot.cell(cells, {
          x: "expert",
          y: "kind",
          fx: "modality",
          fill: colours.blue,
          fillOpacity: "share",
        }),
        ...(experts * own.length <= 24
          ? [
              Plot.text(cells, {
                x: "expert",
                y: "kind",
                fx: "modality",
                text: ({ share }: { readonly share: number }) => String(Math.round(100 * share)),
                fontSize: 10,
              }),
            ]
          : []),
        Plot.frame({ strokeOpacity: 0.2 }),
      ],
    });
    const findings = own
      .map(
        ({ modality, information, unused }) =>
          `${modality} ${fixed(information?.mean, 3)} bits, ${fixed(unused, 1)} experts unused`,
      )
      .join("; ");
    return [
      {
        heading: `${label}: experts by ${OVER[over]}`,
        chart: {
          svg,
          caption:
            `Share of the gate weights of each expert, in percent, by ${OVER[over]}; first seed. ` +
            `Similar rows mean that routing ignores the ${OVER[over]}.`,
          alt:
            `${label}: heat maps of expert load by ${OVER[over]}. Mutual information between expert ` +
            `and ${OVER[over]}: ${findings}.`,
        },
        tables: [
          {
            caption:
              `${label}: mutual information between expert and ${OVER[over]} in bits, mean ± standard ` +
              "deviation over seeds, and the mean number of experts with less than a thousandth of the " +
              "gate weights.",
            columns: [
              { heading: "modality" },
              { heading: "information", numeric: true },
              { heading: "unused experts", numeric: true },
            ],
            rows: own.map(({ modality, information, unused }) => [
              modality,
              spreadText(information),
              fixed(unused, 1),
            ]),
          },
          {
            caption: `${label}: share of the gate weights by ${OVER[over]}, first seed.`,
            columns: [
              { heading: "modality" },
              { heading: OVER[over] },
              ...Array.from({ length: experts }, (_, i) => ({ heading: String(i + 1), numeric: true })),
            ],
            rows: own.flatMap(({ modality, kinds: lines }) =>
              lines.map(({ kind, shares }) => [modality, kind, ...shares.map((share) => fixed(share))]),
            ),
          },
        ],
        points: cells.map(({ modality, kind, expert, share }) => ({
          panel: `${label}: experts, ${modality}`,
          series: kind,
          x: expert,
          y: share,
        })),
      },
    ];
  });
}
