import { expect, it } from "vitest";
import { sampleClip } from "../testing/sample-clip.js";
import { clipModelRemarks, clipRemarks } from "./clip-remarks.js";
import { clipTable, clipViewTable } from "./clip-table.js";

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
  const both = { ...first, points: [{ severity: 0.5, problems, usable: false, view: null }] };
  expect(clipTable({ ...clip, series: [both] }).rows[0]?.[2]).toBe("face.none 1.00, image.blurred 0.79");
});

it("says which inputs were read, and what is missing for the others", () => {
  const remarks = clipRemarks(clip).join(" ");
  expect(remarks).toContain("audio by audio/log-mel");
  expect(remarks).toContain("The text of the clip was not read: text/use-lite needs packages");
  expect(remarks).toContain("To read it: npm install a b");
  expect(clipRemarks({ ...clip, inputs: [] }).join(" ")).not.toContain("features and quality");
});

it("tabulates uncertainty, contribution and prediction, with a star for a doubted input", () => {
  expect(clipViewTable(clip).rows[0]).toEqual([
    ...["audio", "hiss", "0.5 / 25% / 1.00  ", "20.5 / 25% / 0.50 *", "not used / 0.00 *"],
  ]);
  const [first] = clip.series;
  if (!first) throw new Error("the sample has series");
  const blind = { ...first, points: first.points.map((point) => ({ ...point, view: null })) };
  expect(clipViewTable({ ...clip, series: [blind] }).rows[0]?.slice(2)).toEqual(["n/a", "n/a", "n/a"]);
});

it("says what the model was trained on, what it cannot say, and how often its first doubt is right", () => {
  const remarks = clipModelRemarks(clip).join(" ");
  expect(remarks).toContain("98 samples: 66 short sentences");
  expect(remarks).toContain("32 clips");
  expect(remarks).toContain("196 corrupted copies");
  expect(remarks).toContain("audio hiss, mute; text typos");
  expect(remarks).toContain("On 10 other sentences its mean error is 1.25");
  expect(remarks).toContain("Audio: alone it is no better than a constant prediction.");
  expect(remarks).toContain("prediction 1.00 [-1.00, 2.50]. None of its inputs is doubted.");
  expect(remarks).toContain("doubted first in 4 of 4 cases, and in 4 of 4 with a severity of 0.5");
});

it("counts a doubt about another input as wrong, and names a doubt about the clean clip", () => {
  const series = clip.series.map((one) => ({
    ...one,
    points: one.points.map((point) =>
      point.view
        ? { ...point, view: { ...point.view, doubted: [{ modality: "text", reasons: [] }] } }
        : point,
    ),
  }));
  const remarks = clipModelRemarks({ ...clip, series }).join(" ");
  expect(remarks).toContain("doubted first in 0 of 4 cases");
  expect(remarks).toContain("Doubted although it is clean: text.");
});

it("says why no model scores the clip", () => {
  const model = { reason: "the audio features do not fit the model", hint: "Install package 1.0." };
  expect(clipModelRemarks({ ...clip, model })).toEqual([
    "No model scores the clip: the audio features do not fit the model. Install package 1.0.",
  ]);
});
