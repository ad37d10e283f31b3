import * as onnxRuntime from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import { encoderFolder } from "../encoders/encoder-folder.js";
import { openEncoder } from "../encoders/open-encoder.js";
import { fixtureFamilies, type FixtureFamily, fixtureFolder } from "../encoders/testing/family-fixture.js";
import { textEncoderSchema, type TextEncoderOptions } from "../encoders/text-encoder-config.js";
import type { Predictor } from "../predict/predictor.js";
import { smallTokens } from "../train/testing/text-data.js";
import { train } from "../train/train.js";
import { compareOnnx } from "./compare-onnx.js";
import { exportOnnx } from "./export-onnx.js";
import { everySubset, type Padding, probeBatch } from "./probe-batch.js";

async function trained(
  family: FixtureFamily,
  options: Partial<TextEncoderOptions>,
  model: "linear" | "euar" = "linear",
): Promise<Predictor> {
  const folder = fixtureFolder(family);
  const resolved = JSON.parse(
    JSON.stringify({ ...textEncoderSchema.parse(options), textEncoder: folder }),
  ) as TextEncoderOptions;
  const request = {
    model: { name: model },
    train: { epochs: 1, batchSize: 16 },
    encoder: openEncoder(encoderFolder(folder), resolved),
  } as const;
  return (await train(request, await smallTokens())).model;
}

async function differenceOf(predictor: Predictor, padding: Padding = "right"): Promise<number> {
  const exported = await exportOnnx(predictor);
  expect(exported.inputs.map(({ name, type }) => [name, type])).toContainEqual(["text", "int64"]);
  const batches = [
    probeBatch(predictor, 8, everySubset, padding, 9),
    probeBatch(predictor, 1, () => false, "none", 3),
  ];
  const { difference, compared } = await compareOnnx(predictor, exported, batches, onnxRuntime);
  expect(compared).toContain("contribution_text");
  return difference;
}

describe("an exported model with a text encoder inside agrees with the original", () => {
  it.each(fixtureFamilies)("%s", async (family) => {
    expect(await differenceOf(await trained(family, {}))).toBeLessThan(1e-5);
  });

  it.each<[string, Partial<TextEncoderOptions>]>([
    ["adapters", { textLora: 2, textLoraTargets: ["query", "inner"], textLearningRate: 1e-2 }],
    ["adapters of the last layer", { textLora: 2, textTrain: 1, textLearningRate: 1e-2 }],
    ["the first layer, frozen", { textLayers: 1, textTrain: 0 }],
    ["the first token", { textPooling: "cls" }],
    ["the largest values", { textPooling: "max" }],
  ])("with %s", async (_, options) => {
    expect(await differenceOf(await trained("bert", options))).toBeLessThan(1e-5);
  });

  it("with padding anywhere, and relative positions", async () => {
    expect(await differenceOf(await trained("mpnet", {}), "scattered")).toBeLessThan(1e-5);
    expect(await differenceOf(await trained("mpnet", {}), "left")).toBeLessThan(1e-5);
  });

  it("under the mixture of experts", async () => {
    expect(await differenceOf(await trained("bert", {}, "euar"))).toBeLessThan(1e-4);
  });
});
