import { describe, expect, it } from "vitest";
import {
  sampleCases,
  sampleCurves,
  sampleEmbedding,
  sampleFigures,
  sampleUncertainty,
} from "../testing/sample-figures.js";
import { externalReferences, markupFault } from "../testing/well-formed.js";
import { casesParts } from "./cases.js";
import { curvesParts } from "./curves.js";
import { embeddingParts } from "./embedding.js";
import type { FigurePart } from "./figure-part.js";
import { figureParts } from "./figure-parts.js";
import { uncertaintyParts } from "./uncertainty.js";

const parts = sampleFigures().flatMap(figureParts);
const count = (part: FigurePart | undefined, pattern: RegExp): number =>
  part?.chart?.svg.match(pattern)?.length ?? 0;

describe("every chart", () => {
  it.each(parts.flatMap(({ heading, chart }) => (chart ? [[heading ?? chart.caption, chart] as const] : [])))(
    "%s: one well-formed svg with a text beside it",
    (_, { svg, alt, caption }) => {
      expect(markupFault(svg)).toBeUndefined();
      expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
      expect(externalReferences(svg)).toEqual([]);
      expect(/NaN|undefined|Infinity/.exec(svg)).toBeNull();
      expect(alt.length).toBeGreaterThan(30);
      expect(caption.length).toBeGreaterThan(30);
    },
  );
  it("has its numbers in tables and in points", () => {
    for (const { chart, tables, points } of parts) {
      expect(tables.length).toBeGreaterThan(0);
      if (chart) expect(points.length).toBeGreaterThan(0);
      for (const { columns, rows } of tables)
        for (const cells of rows) expect(cells).toHaveLength(columns.length);
      expect(JSON.stringify([tables, points])).not.toMatch(/NaN|undefined/);
    }
  });
});

describe("curves", () => {
  const [losses, metric] = curvesParts(sampleCurves());
  it("has a line and a band per model and split, and a rule at each best epoch", () => {
    expect(count(losses, /stroke="var\(--(blue|orange)\)"/g)).toBe(6);
    expect(count(losses, /fill-opacity="0.15"/g)).toBe(6);
    expect(metric?.chart?.legend?.map(({ label }) => label)).toEqual(["EUAR", "without L_u", "Linear"]);
  });
  it("shows some epochs in the table, the first and last among them, and all as points", () => {
    const rows = losses?.tables[0]?.rows ?? [];
    expect(rows.length).toBeLessThanOrEqual(13);
    expect([rows[0]?.[0], rows.at(-1)?.[0]]).toEqual(["1", "30"]);
    expect(losses?.points).toHaveLength(3 * 2 * 30);
    expect(metric?.points).toHaveLength(3 * 29);
  });
});

describe("embedding", () => {
  it("has a mark per sample, a panel per model and condition, groups by colour and shape", () => {
    const [part] = embeddingParts(sampleEmbedding());
    expect(count(part, /<path [^>]*fill="var\(--(blue|orange)\)"/g)).toBe(2 * 2 * 20);
    expect(part?.chart?.legend?.map(({ label }) => label)).toEqual([
      "negative (circle)",
      "positive (triangle)",
    ]);
    expect(part?.tables[0]?.rows).toEqual([
      ["EUAR", "0.700", "0.700"],
      ["Linear", "0.700", "n/a"],
    ]);
  });
});

describe("cases", () => {
  it("shows inputs, gates, sigmas, predictions and truth", () => {
    const [part] = casesParts(sampleCases());
    expect(part?.tables[0]?.rows[0]).toEqual([
      "1",
      "a$_$1",
      "all modalities",
      "EUAR",
      "not <bad> & fine",
      "1.20",
      "1.00 (0.20)",
      "-1.00 (2.20)",
    ]);
    expect(part?.tables[1]?.rows.slice(0, 2)).toEqual([
      ["1: text", "yes", "noise 0.70", "0.400", "0.90", "3: 0.60, 0.20; 1: 0.30, n/a"],
      ["1: audio", "missing", "clean", "n/a", "0.00", "none"],
    ]);
  });
  it("omits texts that were not requested, and says so", () => {
    const hidden = casesParts({ ...sampleCases(), texts: "left out" });
    expect(JSON.stringify(hidden)).not.toContain("fine");
    expect(hidden[0]?.tables[0]?.caption).toContain("Texts are left out");
    expect(casesParts({ ...sampleCases(), cases: [] })).toEqual([{ tables: [], points: [] }]);
  });
});

describe("uncertainty", () => {
  const all = uncertaintyParts(sampleUncertainty());
  const named = (name: string): FigurePart | undefined => all.find(({ heading }) => heading === name);
  it("has a part for each output that some model has", () => {
    expect(all.map(({ heading }) => heading)).toEqual([
      "Reliability of the confidence",
      "Reliability of the expected error",
      "Reliability of the spread",
      "Coverage of intervals",
      "Risk over coverage",
      "EUAR: uncertainty against true severity",
      "EUAR: experts by kind of corruption",
      "EUAR: experts by noise",
    ]);
  });
  it("gives the areas, correlations and bits next to the pictures", () => {
    expect(named("Risk over coverage")?.tables[0]?.rows).toEqual([
      ["EUAR", "0.400 ± 0.010", "0.280", "0.380", "0.480", "0.580"],
      ["TMC, by confidence", "0.200 ± 0.010", "0.280", "0.380", "0.480", "0.580"],
    ]);
    expect(named("EUAR: uncertainty against true severity")?.tables[0]?.rows).toEqual([
      ["text", "0.500 ± 0.010", "n/a", "0.400 ± 0.010"],
      ["audio", "n/a", "0.100 ± 0.010", "n/a"],
    ]);
    expect(named("EUAR: experts by kind of corruption")?.tables[0]?.rows).toEqual([
      ["text", "0.310 ± 0.010", "1.0"],
    ]);
    expect(named("Coverage of intervals")?.tables[0]?.rows[0]?.slice(0, 3)).toEqual([
      "EUAR",
      "0.490 (2.00)",
      "0.890 (2.00)",
    ]);
  });
  it("draws a cell for each expert and kind", () => {
    expect(count(named("EUAR: experts by kind of corruption"), /<rect /g)).toBeGreaterThanOrEqual(12);
  });
});
