import { describe, expect, it } from "vitest";
import { registerFormat } from "../data/formats/data-format.js";
import { type TextEncoderOptions, textEncoderSchema } from "../encoders/text-encoder-config.js";
import { smallBert } from "../train/testing/text-data.js";
import { DataSets } from "./data-sets.js";

const pair = (id: string): { id: string; text: string; features: { audio: number[] }; label: number }[] => [
  { id: `${id}-1`, text: "the film was good", features: { audio: [1] }, label: 1 },
  { id: `${id}-2`, text: "a bad film", features: { audio: [2] }, label: -1 },
];
registerFormat({
  name: "phrases",
  summary: "two phrases in each split",
  read: () => ({
    name: "phrases",
    task: "regression",
    splits: { train: pair("train"), valid: pair("valid"), test: pair("test") },
  }),
});
const source = "phrases:any";

function options(changes: Partial<TextEncoderOptions>): TextEncoderOptions {
  return { ...textEncoderSchema.parse(changes), textEncoder: smallBert };
}

describe("DataSets", () => {
  it("read texts and an encoder once for all trials that differ in how it trains", async () => {
    const data = new DataSets();
    const [first, second] = [options({ textTrain: 1 }), options({ textTrain: 0, textDropout: 0.2 })];
    expect(await data.get(source, { encoder: second })).toBe(await data.get(source, { encoder: first }));
    const opened = [data.encoder(first), data.encoder(second)];
    expect(opened[1]?.checkpoint).toBe(opened[0]?.checkpoint);
    expect(opened.map(({ record }) => record.options)).toEqual([first, second]);
  });

  it("read texts again for another length", async () => {
    const data = new DataSets();
    const steps = async (textMaxTokens: number): Promise<number | undefined> => {
      const { modalities } = await data.get(source, { encoder: options({ textMaxTokens }) });
      return modalities.find(({ name }) => name === "text")?.steps;
    };
    expect(await steps(3)).toBe(3);
    expect(await steps(12)).toBeGreaterThan(3);
  });
});
