import { describe, expect, it } from "vitest";
import { signalStatistics } from "../../nn/signal-statistics.js";
import { sampleResults } from "../testing/sample-results.js";
import { externalReferences, markupFault } from "../testing/well-formed.js";
import { textTable } from "../text-table.js";
import { followSvg, noiseSvg } from "./demo-charts.js";
import { demoRemarks, doubtRemarks } from "./demo-remarks.js";
import { demoReport, noisePicture } from "./demo-report.js";
import type { DemoResults } from "./demo-results.js";
import { demoTables } from "./demo-tables.js";
import { statisticInWords } from "./statistic-words.js";

const results = sampleResults();

describe("markupFault", () => {
  it.each([
    ["<p>a</b>"],
    ["<p>"],
    ["<p>a & b</p>"],
    ["<p class=x>a</p>"],
    ["a < b"],
    ['<p class="a"b">x</p>'],
  ])("sees %s", (text) => {
    expect(markupFault(text)).toBeDefined();
  });
  it("accepts valid values", () => {
    expect(
      markupFault('<!doctype html><p class="a">x &amp; y<br></p><svg><line x1="1"/></svg>'),
    ).toBeUndefined();
  });
});

describe("demoReport", () => {
  const page = demoReport(results);
  it("is well-formed and refers to nothing outside itself", () => {
    expect(markupFault(page)).toBeUndefined();
    expect(externalReferences(page)).toEqual([]);
    expect(externalReferences('<a href="https://x.org">')).toHaveLength(1);
  });
  it("begins with a summary, before any figure: the results of each model, in large numbers", () => {
    expect(page.match(/<div class="fact">/g)).toHaveLength(3);
    expect(page).toMatch(/<dt>EUAR aware<\/dt><dd style="color: var\(--blue\)">0.67<\/dd>/);
    const [summary, figure] = [page.indexOf('<h2 id="in-short">'), page.indexOf("<figure>")];
    expect(summary).toBeGreaterThan(0);
    expect(page.indexOf('<ul class="points">')).toBeGreaterThan(summary);
    expect(page.indexOf('<ul class="points">')).toBeLessThan(figure);
  });
  it("has its figures, each with a caption, and each chart with an alternative text", () => {
    const figures = page.split("<figure>").slice(1);
    expect(figures).toHaveLength(1 + 2 + results.doubted.length + 2);
    for (const part of figures) {
      expect(part).toContain("<figcaption>");
      expect(part).toMatch(/<svg role="img" aria-label="[^"]{20,}"/);
    }
    expect(page.match(/<div class="panel">/g)).toHaveLength(2 + 2 * 2 + 2 * 2 + 1);
  });
  it("has its tables with captions and scoped headings", () => {
    expect(page.match(/<table>/g)).toHaveLength(6 + results.doubted.length);
    expect(page.match(/<caption>/g)).toHaveLength(6 + results.doubted.length);
  });
  it("escapes text from data", () => {
    expect(page).toContain("&lt;audio&gt; &amp; co");
    expect(page).not.toContain("<audio>");
  });
  it("prints undefined numbers as n/a, never as NaN", () => {
    expect(page).toContain("n/a");
    expect(/NaN|undefined|null/.exec(page)).toBeNull();
  });
  it("is the same for the same results", () => {
    expect(demoReport(sampleResults())).toBe(page);
  });
});

describe("figures", () => {
  const [curve] = results.noise;
  const [uncertainty] = results.uncertainty;
  if (!curve || !uncertainty) throw new Error("the sample has no such part");
  it.each([
    ["noise", noiseSvg(curve, results.noise, results.models)],
    ["uncertainty", followSvg(uncertainty.points, uncertainty, "blue")],
  ])("%s is one well-formed svg element", (_, svg) => {
    expect(markupFault(svg)).toBeUndefined();
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(/NaN|undefined/.exec(svg)).toBeNull();
  });
  it("names each line at its end", () => {
    const svg = noiseSvg(curve, results.noise, results.models);
    for (const { label } of results.models) expect(svg).toContain(`>${label}</text>`);
  });
  it("is a self-contained picture: with legend and background, without a style sheet", () => {
    const picture = noisePicture(results);
    expect(markupFault(picture)).toBeUndefined();
    expect(picture).not.toContain("var(--");
    for (const { label } of results.models) expect(picture).toContain(`>${label}</text>`);
  });
});

describe("demoTables", () => {
  const tables = demoTables(results);
  it("marks every value that prints as the best, and none if only one value is known", () => {
    const { best } = tables.summary;
    expect(best?.has("0,2")).toBe(true);
    expect(best?.has("1,2")).toBe(true);
    expect(best?.has("2,2")).toBe(false);
    expect(best?.has("0,3")).toBe(true);
    expect(best?.has("2,3")).toBe(false);
    expect(best?.has("0,5")).toBe(true);
    const [first] = results.uncertainty;
    if (!first) throw new Error("the sample has uncertainties");
    expect(demoTables({ ...results, uncertainty: [first] }).summary.best?.has("0,5")).toBe(false);
  });
  it("has a row per level of noise, and a column per model and place", () => {
    expect(tables.noise.rows.map(([level]) => level)).toEqual(["0", "0.5", "2"]);
    expect(tables.noise.columns).toHaveLength(1 + 2 * 4);
    expect(tables.noise.rows[2]?.slice(1, 5)).toEqual(["0.800", "0.700", "0.700", "0.780"]);
  });
  it("prints as aligned text", () => {
    const lines = textTable(tables.summary, (text) => `*${text}*`).split("\n");
    expect(lines).toHaveLength(7);
    expect(lines[1]?.length).toBe(lines[2]?.length);
    expect(lines[3]).toContain("0.850*");
  });
});

describe("demoRemarks", () => {
  const remarks = (changed: Partial<DemoResults>): string =>
    demoRemarks({ ...results, ...changed }).join(" ");
  it("says which uncertainty follows the corruption and which hardly does", () => {
    expect(remarks({})).toContain("EUAR aware follows it (0.67)");
    expect(remarks({})).toContain("EUAR paper hardly follows it (0.12)");
    const swapped = results.uncertainty.map((one, i) => ({ ...one, follows: [0.1, null, 0.5][i] ?? null }));
    expect(remarks({ uncertainty: swapped })).toContain("EUAR aware hardly follows it (0.10)");
    expect(remarks({ uncertainty: swapped })).toContain("that of EUAR paper has no defined correlation");
  });
  it("says which model has the smaller error on clean clips, in either direction", () => {
    const [aware, paper, linear] = results.models;
    if (!aware || !paper || !linear) throw new Error("the sample has models");
    expect(remarks({})).toContain("EUAR aware has a smaller error than linear: MAE 0.400 against 0.500");
    const turned = remarks({
      models: [{ ...aware, whole: linear.whole }, paper, { ...linear, whole: aware.whole }],
    });
    expect(turned).toContain("linear has a smaller error than EUAR aware: MAE 0.400 against 0.500");
    expect(remarks({ models: [{ ...aware, whole: linear.whole }, paper, linear] })).toContain(
      "equally accurate",
    );
  });
  it("says when the certain half is not better", () => {
    expect(remarks({})).toContain("does not select the better predictions");
  });
  it("reports the value that is expected by chance", () => {
    expect(remarks({})).toContain("61 were corrupted; of 100 random inputs, about 45 are");
  });
});

describe("doubtRemarks", () => {
  const [aware, paper] = results.doubted;
  if (!aware || !paper) throw new Error("the sample has two doubted clips");
  it("says if the doubt is right, and which statistics show it", () => {
    const remarks = doubtRemarks(aware).join(" ");
    expect(remarks).toContain("This is correct: the <audio> & co was corrupted (noise, severity 0.80)");
    expect(remarks).toContain("its features are larger on average (31 robust deviations from the median)");
  });
  it("says so if no problem was found, and if the model cannot give a reason", () => {
    const remarks = doubtRemarks(paper).join(" ");
    expect(remarks).toContain("was not corrupted");
    expect(remarks).toContain("Reason: not available");
  });
  it("has a text for every statistic, in both directions", () => {
    for (const name of signalStatistics) {
      const words = [1, -1].map((deviations) => statisticInWords({ name, deviations }));
      expect(new Set([name, ...words]).size).toBe(3);
    }
  });
});
