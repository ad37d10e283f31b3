import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";
import { selectModalities } from "../data/select-modalities.js";
import { generateSynthetic } from "../data/synthetic/generate.js";
import { evaluate } from "../evaluate/evaluate.js";
import { resolveModelConfig } from "../models/registry.js";
import { Predictor } from "../predict/predictor.js";
import { RUN_FORMAT } from "./results.js";

const folder = fileURLToPath(new URL("../../test/fixtures/run-1", import.meta.url));

/** The data that the run of the fixture was trained on. */
const { dataset } = generateSynthetic({ seed: 3, sizes: { train: 40, valid: 16, test: 8 } });
const own = selectModalities(dataset, ["audio", "vision"]);

test("a run folder of format 1 is read as one of today's format, and predicts the same bits", async () => {
  const model = await Predictor.load(folder, { backend: "wasm" });
  expect(model.config.format).toBe(RUN_FORMAT);
  const aware = resolveModelConfig(
    "euar",
    { hidden: 3, experts: { count: 3 }, head: [4], awareness: { statistics: { hidden: 3, steadyRate: 1 } } },
    "aware",
  );
  // the preset got its steadyRate later: 1 if absent
  expect(model.config.model.config).toEqual(JSON.parse(JSON.stringify(aware).replace(',"steadyRate":1', "")));
  expect(model.config.data.sizes).toEqual({ train: 40, valid: 16, test: 8 });
  const lines = readFileSync(`${folder}/predictions-test.jsonl`, "utf8").trim().split("\n");
  const stored = lines.map((line) => z.object({ prediction: z.number() }).parse(JSON.parse(line)).prediction);
  expect(stored).toHaveLength(8);
  const { predictions } = await evaluate(model, own, { predictions: true });
  expect(Array.from(predictions ?? [])).toEqual(stored.map(Math.fround));
});
