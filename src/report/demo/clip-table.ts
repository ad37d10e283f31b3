import type { Table } from "../html.js";
import { fixed } from "../numbers.js";
import type { ClipPoint, ClipResults, ClipSeries } from "./clip-results.js";

/** Tabulates what the quality measures find in the clip, one row per kind of corruption. */
export function clipTable({ series }: ClipResults): Table {
  const severities = series[0]?.points.map(({ severity }) => severity) ?? [];
  return {
    caption:
      "What the quality measures find in the real clip at each severity, and how severe it is, in [0, 1]. " +
      "Only the named input is corrupted.",
    columns: [
      { heading: "input" },
      { heading: "corruption" },
      ...severities.map((severity) => ({ heading: `severity ${severity}` })),
    ],
    rows: series.map((one: ClipSeries) => [one.modality, one.kind, ...one.points.map(problemsInWords)]),
  };
}

/** Tabulates the model's view of the clip, one row per kind of corruption. */
export function clipViewTable({ series }: ClipResults): Table {
  const severities = series[0]?.points.map(({ severity }) => severity) ?? [];
  return {
    caption:
      "The model's view of the real clip: uncertainty (predicted variance) of the corrupted input, its " +
      "contribution, and the prediction. A star: this input is doubted.",
    columns: [
      { heading: "input" },
      { heading: "corruption" },
      ...severities.map((severity) => ({ heading: `severity ${severity}`, numeric: true })),
    ],
    rows: series.map(({ modality, kind, points }) => [
      modality,
      kind,
      ...points.map((point) => viewInWords(modality, point)),
    ]),
  };
}

function viewInWords(modality: string, { view }: ClipPoint): string {
  if (view === null) return "n/a";
  const { uncertainty = null, contribution = null } = view.inputs[modality] ?? {};
  const star = view.doubted.some((doubt) => doubt.modality === modality) ? " *" : "  ";
  const own =
    uncertainty === null
      ? "not used"
      : `${fixed(uncertainty, 1)} / ${contribution === null ? "n/a" : `${fixed(100 * contribution, 0)}%`}`;
  return `${own} / ${fixed(view.prediction, 2)}${star}`;
}

/** Returns the problems with their severities, "nothing" without problems. */
export function problemsInWords({ problems }: ClipPoint): string {
  return problems.map(({ code, severity }) => `${code} ${fixed(severity, 2)}`).join(", ") || "nothing";
}
