import type { CasesFigure } from "../../experiments/figure-result.js";
import type { Table } from "../html.js";
import { fixed } from "../numbers.js";
import type { FigurePart } from "./figure-part.js";

type Case = CasesFigure["cases"][number];

/** Figure 7: a table of predictions, and for each case what EUAR made of its inputs. */
export function casesParts({ cases, against, texts }: CasesFigure): FigurePart[] {
  if (cases.length === 0) return [{ tables: [], points: [] }];
  const models = [...new Set(cases.flatMap(({ predictions }) => predictions.map(({ model }) => model)))];
  const left = texts === "left out" ? " Texts are left out (euar reproduce --texts shows them)." : "";
  const overview: Table = {
    caption: `Truth and predictions, errors in brackets; EUAR against ${against}.${left}`,
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
        const said = one.predictions.find((entry) => entry.model === model);
        return said ? `${said.prediction} (${fixed(said.error, 2)})` : "n/a";
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
    caption: `What EUAR made of the inputs. Uncertainty: gate-weighted mean of sigma^2; share: how much of the prediction is owed to the modality; experts: their number, gate and sigma^2, the largest gate first.${known ? " Corruption: what was truly done to the input, and how strongly." : ""}`,
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
