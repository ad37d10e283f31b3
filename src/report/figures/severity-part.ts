import * as Plot from "@observablehq/plot";
import type { UncertaintyFigure } from "../../experiments/figure-result.js";
import { colours, toSvg } from "../charts.js";
import { fixed } from "../numbers.js";
import { spreadText } from "./curves.js";
import type { FigurePart } from "./figure-part.js";

/**
 * Shows a model's uncertainty against the true severity, per modality and kind of corruption. Empty where no
 * sample is known to be corrupted.
 */
export function severityPart({ label, severity }: UncertaintyFigure["rows"][number]): FigurePart[] {
  const known = severity.filter(({ bins }) => bins.some(({ kind }) => kind !== "clean"));
  if (known.length === 0) return [];
  const bins = known.flatMap(({ modality, bins: own }) =>
    own.filter(({ kind }) => kind !== "clean").map((bin) => ({ modality, ...bin })),
  );
  const clean = known.flatMap(({ modality, bins: own }) =>
    own.filter(({ kind }) => kind === "clean").map(({ mean }) => ({ modality, mean })),
  );
  const kinds = [...new Set(bins.map(({ kind }) => kind))].sort();
  const svg = toSvg({
    width: 800,
    height: 60 + 150 * known.length,
    marginTop: 30,
    marginBottom: 40,
    marginLeft: 60,
    marginRight: 60,
    fx: { label: null, domain: kinds },
    fy: { label: null, domain: known.map(({ modality }) => modality) },
    x: { label: "true severity", ticks: 3, zero: true },
    y: { label: "uncertainty", labelAnchor: "center", labelArrow: "none", grid: true, nice: true, ticks: 4 },
    marks: [
      Plot.ruleY(clean, { y: "mean", fy: "modality", stroke: colours.green, strokeDasharray: "5,3" }),
      Plot.ruleX(bins, {
        x: "severity",
        y1: "low",
        y2: "high",
        fx: "kind",
        fy: "modality",
        stroke: colours.blue,
        strokeOpacity: 0.4,
        strokeWidth: 5,
      }),
      Plot.line(bins, {
        x: "severity",
        y: "mean",
        fx: "kind",
        fy: "modality",
        stroke: colours.blue,
        strokeWidth: 2,
      }),
      Plot.dot(bins, { x: "severity", y: "mean", fx: "kind", fy: "modality", r: 3, fill: colours.blue }),
      Plot.frame({ strokeOpacity: 0.2 }),
    ],
  });
  const rho = known
    .map(({ modality, byKind, all }) => {
      const kinds = byKind.map(({ kind, rho: value }) => `${kind} ${fixed(value?.mean, 2)}`);
      return `${modality}: ${[...kinds, `all ${fixed(all?.mean, 2)}`].join(", ")}`;
    })
    .join("; ");
  return [
    {
      heading: `${label}: uncertainty against true severity`,
      chart: {
        svg,
        caption:
          "Bins of about equal size, per modality and kind of corruption: mean and middle half of the " +
          "predicted uncertainty. The green level is the mean of clean samples.",
        alt: `${label}: predicted uncertainty against true severity. Rank correlations: ${rho}.`,
        legend: [
          { label: "corrupted", colour: colours.blue },
          { label: "clean", colour: colours.green, dashes: "5,3" },
        ],
      },
      tables: [
        {
          caption:
            `${label}: Spearman correlation of uncertainty and true severity, over the samples of the ` +
            "kind and the clean ones; mean ± standard deviation over seeds. n/a for noise that is " +
            "equally strong on every sample.",
          columns: [
            { heading: "modality" },
            ...kinds.map((heading) => ({ heading, numeric: true })),
            { heading: "all", numeric: true },
          ],
          rows: known.map(({ modality, byKind, all }) => [
            modality,
            ...kinds.map((kind) => spreadText(byKind.find((one) => one.kind === kind)?.rho ?? null)),
            spreadText(all),
          ]),
        },
        {
          caption: `${label}: the bins.`,
          columns: [
            { heading: "modality" },
            { heading: "kind" },
            ...["severity", "mean", "lower quarter", "upper quarter", "samples"].map((heading) => ({
              heading,
              numeric: true,
            })),
          ],
          rows: known.flatMap(({ modality, bins: own }) =>
            own.map(({ kind, severity: at, mean, low, high, samples }) => [
              modality,
              kind,
              ...[at, mean, low, high].map((value) => fixed(value)),
              String(samples),
            ]),
          ),
        },
      ],
      points: bins.map(({ modality, kind, severity: x, mean: y, low, high, samples }) => ({
        panel: `${label}: severity, ${modality}`,
        series: kind,
        x,
        y,
        low,
        high,
        samples,
      })),
    },
  ];
}
