import type { Experiments, ExperimentResult } from "../experiments/experiment-result.js";
import type { FigureResult } from "../experiments/figure-result.js";
import { experimentPart } from "./experiment-part.js";
import { paperTable } from "./experiment-tables.js";
import type { FigurePart } from "./figures/figure-part.js";
import { figureParts } from "./figures/figure-parts.js";
import { details, figure, heading, type Html, notes, page, paragraph, subheading, table } from "./html.js";

/**
 * Renders one self-contained page of all tables and figures: no scripts, nothing loaded from elsewhere,
 * accessible by keyboard, screen readers and on paper, in light and dark.
 */
export function experimentsReport({
  data,
  seeds,
  arithmetic,
  experiments,
  figures,
  paper,
  failures,
  version,
}: Experiments): string {
  const sizes = Object.entries(data.sizes)
    .map(([split, size]) => `${size} ${split}`)
    .join(", ");
  const intro = [
    paragraph(
      `Data: ${data.name} (${sizes}; ${data.modalities.join(", ")}). Seeds: ${seeds.join(", ")}. ` +
        "Epochs are chosen on the validation split. All numbers are for the test split, which each run " +
        "reads once, unless a caption names another split." +
        (arithmetic ? ` Computed with ${arithmetic} arithmetic (fused multiply-add).` : ""),
    ),
    paragraph(
      "A number is bold only if it is significantly better than every other row of its column " +
        "(sign-flip test on the same samples, corrected for the number of rows, p < 0.05). Without a " +
        "bold number, no row wins.",
    ),
  ];
  const sections = [...experiments.flatMap(tableSection), ...figures.flatMap(figureSection)];
  return page(
    `Experiments on ${data.name}`,
    [...intro, ...sections, ...paperSection(paper), ...failed(failures)],
    `Made by euar ${version}. The numbers of the tables are in tables.csv and tables.tex, the points ` +
      "of the figures in figures.csv, the paper's numbers in paper.csv, everything in results.json.",
  );
}

function tableSection(experiment: ExperimentResult): Html[] {
  const { chart, tables } = experimentPart(experiment);
  return [heading(experiment.title), ...(chart ? [figure(chart.svg, chart)] : []), ...tables.map(table)];
}

function figureSection(result: FigureResult): Html[] {
  const parts = figureParts(result);
  const empty = parts.every(({ chart, tables }) => !chart && tables.length === 0);
  return [
    heading(result.title),
    paragraph(result.caption),
    ...(empty
      ? [paragraph("Nothing to show: the runs failed, or no model has the needed outputs.")]
      : parts.flatMap(partOf)),
  ];
}

function partOf({ heading: name, chart, tables }: FigurePart): Html[] {
  const shown = tables.map(table);
  const below =
    chart && shown.length > 0
      ? [details(`Numbers of this figure${name === undefined ? "" : ` (${name})`}`, shown)]
      : shown;
  return [
    ...(name === undefined ? [] : [subheading(name)]),
    ...(chart ? [figure(chart.svg, chart)] : []),
    ...below,
  ];
}

function paperSection(tables: Experiments["paper"]): Html[] {
  if (tables.length === 0) return [];
  const intro = paragraph(
    "For orientation, not for comparison: other features, other splits of other data, and another " +
      "way of choosing epochs. Numbers are as printed; n/a means that the available text has no " +
      "number. Inconsistencies are listed below the table they concern.",
  );
  return [
    heading("The paper's own numbers"),
    intro,
    ...tables.flatMap((one) => [table(paperTable(one)), ...(one.notes.length > 0 ? [notes(one.notes)] : [])]),
  ];
}

function failed(failures: Experiments["failures"]): Html[] {
  if (failures.length === 0) return [];
  return [
    heading("Runs that failed"),
    table({
      caption: "Cells of these runs are n/a.",
      columns: [{ heading: "run" }, { heading: "code" }, { heading: "message" }],
      rows: failures.map(({ label, code, message }) => [label, code, message]),
    }),
  ];
}
