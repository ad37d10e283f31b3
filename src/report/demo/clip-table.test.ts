import { expect, it } from "vitest";
import { sampleClip } from "../testing/sample-clip.js";
import { clipRemarks } from "./clip-remarks.js";
import { clipTable } from "./clip-table.js";

const clip = sampleClip();

it("tabulates each kind of corruption, and what the measures find at each severity", () => {
  const { columns, rows } = clipTable(clip);
  expect(columns.map(({ heading }) => heading)).toEqual([
    ...["input", "corruption", "severity 0", "severity 0.5", "severity 1"],
  ]);
  expect(rows).toEqual([
    ["audio", "hiss", "nothing", "audio.noisy 0.50", "audio.silent 1.00"],
    ["audio", "gaps", "nothing", "nothing", "audio.gaps 1.00"],
  ]);
});

it("lists several problems of one input, worst first", () => {
  const [first] = clip.series;
  if (!first) throw new Error("the sample has series");
  const problems = [
    { code: "face.none", severity: 1, message: "" },
    { code: "image.blurred", severity: 0.79, message: "" },
  ];
  const both = { ...first, points: [{ severity: 0.5, problems, usable: false }] };
  expect(clipTable({ ...clip, series: [both] }).rows[0]?.[2]).toBe("face.none 1.00, image.blurred 0.79");
});

it("says which inputs were read, and what is missing for the others", () => {
  const remarks = clipRemarks(clip).join(" ");
  expect(remarks).toContain("audio by audio/log-mel");
  expect(remarks).toContain("The text of the clip was not read: text/use-lite needs packages");
  expect(remarks).toContain("To read it: npm install a b");
  expect(clipRemarks({ ...clip, inputs: [] }).join(" ")).not.toContain("features and quality");
});
