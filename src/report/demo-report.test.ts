import { describe, expect, it } from "vitest";
import { conditionsPicture, conditionsSvg, curvesSvg, demoReport, uncertaintySvg } from "./demo-report.js";
import { demoRemarks, demoTables } from "./demo-tables.js";
import { sampleResults } from "./testing/sample-results.js";
import { externalReferences, markupFault } from "./testing/well-formed.js";
import { textTable } from "./text-table.js";

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
  it("accepts what is right", () => {
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
  it("has the figures, each with a caption and an alternative text", () => {
    const figures = page.split("<figure>").slice(1);
    expect(figures).toHaveLength(2 + results.uncertainty.length);
    for (const part of figures) {
      expect(part).toContain("<figcaption>");
      expect(part).toMatch(/<svg role="img" aria-label="[^"]{20,}"/);
    }
  });
  it("has the four tables with captions and scoped headings", () => {
    expect(page.match(/<table>/g)).toHaveLength(4);
    expect(page.match(/<caption>/g)).toHaveLength(4);
    expect(page.match(/<th scope="row">/g)).toHaveLength(3 + 3 + 2 + 2);
  });
  it("escapes what comes from data", () => {
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
  it.each([
    ["curves", curvesSvg(results)],
    ["conditions", conditionsSvg(results)],
    ["uncertainty", uncertaintySvg(results.uncertainty[0] ?? fail())],
  ])("%s is one well-formed svg element", (_, svg) => {
    expect(markupFault(svg)).toBeUndefined();
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(/NaN|undefined/.exec(svg)).toBeNull();
  });
  it("stands alone as a picture: legend, background and no style sheet needed", () => {
    const picture = conditionsPicture(results);
    expect(markupFault(picture)).toBeUndefined();
    expect(picture).not.toContain("var(--");
    for (const { label } of results.models) expect(picture).toContain(`>${label}</text>`);
  });
  it("draws one line per model and split, one mark per condition and model", () => {
    expect(curvesSvg(results).match(/stroke="var\(--(blue|orange)\)"/g)?.length).toBe(6);
    expect(conditionsSvg(results).match(/<path [^>]*fill="var\(/g)?.length).toBe(14);
  });
});

describe("demoTables", () => {
  const tables = demoTables(results);
  it("marks every equal winner as it is printed", () => {
    expect(tables.models.best?.has("0,1")).toBe(true);
    expect(tables.models.best?.has("2,1")).toBe(true);
    expect(tables.models.best?.has("1,1")).toBe(false);
    expect(tables.models.best?.has("0,4")).toBe(true);
    expect(tables.models.best?.has("1,4")).toBe(false);
  });
  it("leaves a model without its modality out", () => {
    expect(tables.subsets.rows[1]).toEqual(["audio", "0.700", "0.720", "n/a", "0.900", "0.800", "n/a"]);
  });
  it("prints as aligned text", () => {
    const lines = textTable(tables.noise, (text) => `*${text}*`).split("\n");
    expect(lines).toHaveLength(5);
    expect(lines[3]).toMatch(/^gaussian:0\.5 /);
    expect(lines[3]).toContain("0.720*");
    expect(lines[1]?.length).toBe(lines[2]?.length);
  });
});

describe("demoRemarks", () => {
  it("says when EUAR wins, when it loses and when it is undecided", () => {
    expect(demoRemarks(results)[0]).toContain("EUAR beats linear on both");
    const [euar, linear, single] = results.models;
    const swapped = {
      ...results,
      models: [{ ...euar, test: linear.test }, { ...linear, test: euar.test }, single] as const,
    };
    expect(demoRemarks(swapped)[0]).toContain("EUAR loses to linear on both");
    expect(demoRemarks(results)[1]).toContain("split the honours");
  });
  it("says when the certain half is not better, and when correlations are weak", () => {
    expect(demoRemarks(results).join(" ")).toContain("does not pick out the better predictions");
    const weak = results.uncertainty.map((entry) => ({
      ...entry,
      agreement: { ...entry.agreement, all: 0.1 },
    }));
    expect(demoRemarks({ ...results, uncertainty: weak }).join(" ")).toContain("hardly follows");
  });
});

function fail(): never {
  throw new Error("the sample has no such part");
}
