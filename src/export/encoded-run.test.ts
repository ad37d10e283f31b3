import { expect, it } from "vitest";
import { smallEncoder, tokenised } from "../train/testing/text-data.js";
import { train } from "../train/train.js";
import { exportOnnx } from "./export-onnx.js";

it("refuses a model with a text encoder inside", async () => {
  const request = { model: { name: "linear" }, train: { epochs: 1 }, encoder: smallEncoder() } as const;
  const { model } = await train(request, await tokenised());
  expect(() => exportOnnx(model)).toThrow(/text encoder inside has no ONNX form/);
});
