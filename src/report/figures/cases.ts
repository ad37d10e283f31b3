import type { CasesFigure } from "../../experiments/figure-result.js";
import type { Table } from "../html.js";
import { fixed } from "../numbers.js";
import type { FigurePart } from "./figure-part.js";

type Case = CasesFigure["cases"][number];

/** Builds figure 7: a table of predictions, and for each case the diagnostics of EUAR's inputs. */
export function casesParts({ cases, against, texts }: CasesFigure): FigurePart[] {
  if (cases.length === 0) return [{ tables: [], points: [] }];
  const models = [...new Set(cases.flatMap(({ predictions }) => predictions.map(({ model }) => model)))];
  const left = texts === "left out" ? " Texts are left out (euar reproduce --texts shows them)." : "";
  const overview: Table = {
    caption: `True labels and predictions, with errors in brackets; EUAR against ${against}.${left}`,
    columns: [
      { heading: "case" },
      { heading: "sample" },
      { heading: "modalities" },
      { heading: "better" },
      ...(texts === "shown" ? [{ heading: "text" }] : []),
      { heading: "truth", numeric: true },
      ...models.map((heading) => ({ heading, numeric: true })),
    ],
    rows: cases.map((one, i) => [
      String(i + 1),
      one.id,
      one.condition,
      one.better,
      ...(texts === "shown" ? [one.text ?? "n/a"] : []),
      one.truth,
      ...models.map((model) => {
        const found = one.predictions.find((entry) => entry.model === model);
        return found ? `${found.prediction} (${fixed(found.error, 2)})` : "n/a";
      }),
    ]),
  };
  return [
    {
      tables: [overview, inputTable(cases)],
      points: cases.flatMap((one, i) =>
        one.predictions.map(({ model, error }) => ({
          panel: `case ${i + 1}: ${one.id}, ${one.condition}`,
          series: model,
          x: "error",
          y: error,
        })),
      ),
    },
  ];
}

function inputTable(cases: readonly Case[]): Table {
  const known = cases.some(({ inputs }) => inputs.some(({ kind }) => kind !== null));
  const rows = cases.flatMap(({ inputs }, i) =>
    inputs.map(({ modality, present, kind, severity, uncertainty, contribution, experts }) => [
      `${i + 1}: ${modality}`,
      present ? "yes" : "missing",
      ...(known
        ? [kind === null ? "n/a" : `${kind}${kind === "clean" ? "" : ` ${fixed(severity, 2)}`}`]
        : []),
      fixed(uncertainty),
      fixed(contribution, 2),
      experts
        .map(({ expert, gate, sigma2 }) => `${expert + 1}: ${fixed(gate, 2)}, ${fixed(sigma2, 2)}`)
        .join("; ") || "none",
    ]),
  );
  return {
    caption:
      "Diagnostics of EUAR per input. Uncertainty: gate-weighted mean of sigma^2. Share: contribution " +
      "of the modality to the prediction. Experts: number, gate and sigma^2, the largest gate " +
      `first.${known ? " Corruption: true kind and severity." : ""}`,
    columns: [
      { heading: "case and modality" },
      { heading: "there" },
      ...(known ? [{ heading: "corruption" }] : []),
      { heading: "uncertainty", numeric: true },
      { heading: "share", numeric: true },
      { heading: "experts" },
    ],
    rows,
  };
}
