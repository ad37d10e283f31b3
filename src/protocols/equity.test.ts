import { describe, expect, it } from "vitest";
import { equityOf, type SubsetMetrics } from "./equity.js";

function subset(available: string, metrics: SubsetMetrics["metrics"]): SubsetMetrics {
  return { available: available.split("+"), metrics };
}

describe("equityOf", () => {
  it("gives the contributions and their evenness, by hand for two modalities", () => {
    const pair = [
      subset("text", { Accuracy: 0.8, MAE: 1 }),
      subset("audio", { Accuracy: 0.5, MAE: 1.25 }),
      subset("text+audio", { Accuracy: 0.9, MAE: 0.75 }),
    ];
    const equity = equityOf(pair, ["text", "audio"]);
    // accuracy: 0.9 - 0.5 and 0.9 - 0.8; shares 0.8 and 0.2; entropy 0.721928 bits
    expect(equity?.["Accuracy"]?.contributions["text"]).toBeCloseTo(0.4, 12);
    expect(equity?.["Accuracy"]?.contributions["audio"]).toBeCloseTo(0.1, 12);
    expect(equity?.["Accuracy"]?.index).toBeCloseTo(0.7219280948873623, 12);
    // an error improves by falling: 1.25 - 0.75 and 1 - 0.75; shares 2/3 and 1/3
    expect(equity?.["MAE"]?.contributions).toEqual({ text: 0.5, audio: 0.25 });
    expect(equity?.["MAE"]?.index).toBeCloseTo(0.9182958340544896, 12);
  });

  it("knows the direction of every metric, also of errors of a convention", () => {
    const pair = [
      subset("text", { SIMS_MAE: 1 }),
      subset("audio", { SIMS_MAE: 1.25 }),
      subset("text+audio", { SIMS_MAE: 0.75 }),
    ];
    const equity = equityOf(pair, ["text", "audio"])?.["SIMS_MAE"];
    expect(equity?.contributions).toEqual({ text: 0.5, audio: 0.25 });
  });

  it("takes the mean over the subsets without the modality", () => {
    const values: Record<string, number> = { a: 1, b: 2, c: 4, "a+b": 3, "a+c": 6, "b+c": 7, "a+b+c": 12 };
    const all = Object.entries(values).map(([names, score]) => subset(names, { score }));
    const equity = equityOf(all, ["a", "b", "c"])?.["score"];
    // a: (3 - 2), (6 - 4), (12 - 7); b: (3 - 1), (7 - 4), (12 - 6); c: (6 - 1), (7 - 2), (12 - 3)
    expect(equity?.contributions).toEqual({ a: 8 / 3, b: 11 / 3, c: 19 / 3 });
  });

  it("is 1 for equal contributions, 0 for a single one, null for none", () => {
    const index = (text: number, audio: number, both: number): number | null | undefined =>
      equityOf(
        [
          subset("text", { score: text }),
          subset("audio", { score: audio }),
          subset("text+audio", { score: both }),
        ],
        ["text", "audio"],
      )?.["score"]?.index;
    expect(index(0.25, 0.25, 0.5)).toBe(1);
    expect(index(0.75, 0.5, 0.75)).toBe(0);
    expect(index(0.75, 0.5, 0.625)).toBe(0); // audio harms
    expect(index(0.5, 0.5, 0.5)).toBeNull();
  });

  it("needs every subset of two or more modalities, and omits undefined metrics", () => {
    const pair = [subset("text", { score: 1, Corr: null }), subset("audio", { score: 1, Corr: 1 })];
    expect(equityOf(pair, ["text", "audio"])).toBeUndefined();
    expect(equityOf([subset("text", { score: 1 })], ["text"])).toBeUndefined();
    const whole = [...pair, subset("text+audio", { score: 2, Corr: 1 })];
    expect(Object.keys(equityOf(whole, ["text", "audio"]) ?? {})).toEqual(["score"]);
  });
});
