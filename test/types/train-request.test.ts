import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import { defineModel, type ModelChoice, type ModelName, type TrainRequest } from "../../src/index.js";
import { createLinear } from "../../src/models/linear.js";
import { linearConfigSchema } from "../../src/models/linear-config.js";

test("a request is discriminated by the model's name", () => {
  expectTypeOf<{
    model: { name: "euar"; preset: "aware"; config: { experts: 4 } };
  }>().toExtend<TrainRequest>();
  expectTypeOf<{ model: { name: "qmf"; config: { confidenceScale: 0.2 } } }>().toExtend<TrainRequest>();
  expectTypeOf<{ name: "linear" }>().toExtend<ModelChoice>();
});

test("names, presets and keys of another model do not compile", () => {
  expectTypeOf<{ name: "eaur" }>().not.toExtend<ModelChoice>();
  expectTypeOf<{ name: "euar"; preset: "awware" }>().not.toExtend<ModelChoice>();
  expectTypeOf<{ name: "linear"; preset: "paper" }>().not.toExtend<ModelChoice>();
  expectTypeOf<{ name: "euar"; config: { experts: "four" } }>().not.toExtend<ModelChoice>();
  // @ts-expect-error an option that EUAR does not have
  const misspelt: ModelChoice = { name: "euar", config: { exprets: 4 } };
  // @ts-expect-error an option of another model
  const foreign: ModelChoice = { name: "linear", config: { experts: 4 } };
  expectTypeOf([misspelt, foreign]).toEqualTypeOf<ModelChoice[]>();
});

test("a definition knows its name and its options", () => {
  const mine = defineModel({
    name: "mine",
    label: "Mine",
    summary: "a linear layer",
    schema: z.strictObject({ ...linearConfigSchema.shape, scale: z.number().default(1) }),
    create: createLinear,
  });
  expectTypeOf(mine.name).toEqualTypeOf<"mine">();
  expectTypeOf<z.infer<typeof mine.schema>["scale"]>().toEqualTypeOf<number>();
  expectTypeOf<"dicmor">().toExtend<ModelName>();
});
