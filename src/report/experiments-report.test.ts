import { describe, expect, it } from "vitest";
import { experimentsCsv, experimentsLatex, figuresCsv, paperCsv } from "./experiment-files.js";
import { experimentTable, paperTable, uncertaintyTable } from "./experiment-tables.js";
import { experimentsReport } from "./experiments-report.js";
import { figureParts } from "./figures/figure-parts.js";
import { lineChart } from "./line-chart.js";
import { sampleExperiments } from "./testing/sample-experiments.js";
import { sampleFigures } from "./testing/sample-figures.js";
import { externalReferences, markupFault } from "./testing/well-formed.js";

const results = sampleExperiments();
const figureTables = sampleFigures()
  .flatMap(figureParts)
  .flatMap(({ tables }) => tables).length;
const [experiment] = results.experiments;
if (!experiment) throw new Error("no experiment");

describe("the page of experiments", () => {
  const page = experimentsReport(results);

  it("is well-formed and self-contained, and escapes text from data", () => {
    expect(markupFault(page)).toBeUndefined();
    expect(externalReferences(page)).toEqual([]);
    expect(page).toContain("&lt;posts&gt; &amp; co");
    expect(page).toContain("it &lt;diverged&gt;");
    expect(/NaN|undefined|null/.exec(page)).toBeNull();
  });

  it("has tables with captions, a figure with a text, winners in bold, the paper's numbers apart", () => {
    expect(page.match(/<caption>/g)).toHaveLength(5 + figureTables);
    expect(page).toMatch(/<svg role="img" aria-label="Table 3[^"]*EUAR at clean: 0.800/);
    expect(page.match(/<strong>/g)).toHaveLength(1);
    expect(page).toContain("<strong>0.800&nbsp;±&nbsp;0.010</strong>");
    expect(page).toContain("-0.050 (-0.080&nbsp;to&nbsp;-0.020), p&nbsp;&lt;&nbsp;0.001");
    expect(page).toContain("<li>Odd &amp; strange.</li>");
    expect(results.paper.map(paperTable)[0]?.rows).toEqual([["EUAR", "71.71", "n/a"]]);
    expect(uncertaintyTable(experiment)?.rows).toEqual([["EUAR", "0.500", "0.600"]]);
  });

  it("prints n/a for undefined values, and the choice that was made", () => {
    expect(experimentTable(experiment).rows).toEqual([
      ["EUAR", "0.800 ± 0.010", "0.700 ± 0.010"],
      ['Linear, "plain"', "0.750 ± 0.010", "n/a"],
      ["Best single modality", "0.600 (text)", "0.600 ± 0.010"],
    ]);
  });
});

describe("files next to the page", () => {
  it("CSV has one line per cell, with quotes where they are needed", () => {
    const lines = experimentsCsv(results).split("\r\n");
    expect(lines).toHaveLength(1 + 6 + 1);
    expect(lines[1]).toBe("table3,EUAR,clean,Accuracy,,0.8,0.01,0.79 0.81,0.5,,,,,true");
    expect(lines[3]).toContain('"Linear, ""plain"""');
    expect(lines[2]).toContain('"noise, ε = 5"');
    expect(lines[4]).toBe('table3,"Linear, ""plain""","noise, ε = 5",Accuracy,,,, ,,,,,,false');
  });

  it("LaTeX escapes its own characters, and sets winners in bold", () => {
    const text = experimentsLatex(results);
    expect(text).toContain("Table 3: 10\\% noise\\_level");
    expect(text).toContain("\\textbf{0.800 $\\pm$ 0.010}");
    expect(text).toContain("noise, $\\varepsilon$ = 5");
    expect(text.match(/\\(begin|end)\{tabular\}/g)).toHaveLength(2 * (2 + figureTables));
  });
});

describe("figures.csv and paper.csv", () => {
  it("have a line per point, and per cell of the paper", () => {
    const points = sampleFigures()
      .flatMap(figureParts)
      .reduce((sum, part) => sum + part.points.length, 0);
    const lines = figuresCsv(results).split("\r\n");
    expect(lines).toHaveLength(points + 2);
    expect(lines[0]).toBe("figure,panel,series,x,y,low,high,samples");
    expect(lines[1]).toBe('figure5,"task loss, training",EUAR,1,2,1.99,2.01,');
    expect(paperCsv(results).split("\r\n").slice(1)).toEqual([
      "table3,The paper's Table 3,EUAR,clean,71.71",
      "table3,The paper's Table 3,EUAR,noise,",
      "",
    ]);
  });
});

describe("lineChart", () => {
  it("draws a line for each series in the order of its places, without undefined values", () => {
    const { svg, legend } = lineChart(
      [
        { series: "a", at: "1", mean: 0.5, deviation: 0.1 },
        { series: "a", at: "2", mean: null, deviation: null },
        { series: "b", at: "1", mean: 0.4, deviation: null },
      ],
      "noise",
      "Accuracy",
    );
    expect(markupFault(svg)).toBeUndefined();
    expect(/NaN|undefined/.exec(svg)).toBeNull();
    expect(legend.map(({ label }) => label)).toEqual(["a", "b"]);
    expect(svg.match(/<circle/g)).toHaveLength(2);
  });
});
