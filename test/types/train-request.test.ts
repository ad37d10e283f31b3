import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import { defineModel, type ModelChoice, type ModelName, type TrainRequest } from "../../src/index.js";
import { createLinear } from "../../src/models/linear.js";
import { linearConfigSchema } from "../../src/models/linear-config.js";

test("a request is discriminated by the model's name", () => {
  expectTypeOf<{
    model: { name: "euar"; preset: "aware"; config: { experts: { count: 4 }; losses: { kl: null } } };
  }>().toExtend<TrainRequest>();
  expectTypeOf<{ model: { name: "qmf"; config: { confidenceScale: 0.2 } } }>().toExtend<TrainRequest>();
  expectTypeOf<{ name: "linear" }>().toExtend<ModelChoice>();
});

test("names, presets and keys of another model do not compile", () => {
  expectTypeOf<{ name: "eaur" }>().not.toExtend<ModelChoice>();
  expectTypeOf<{ name: "euar"; preset: "awware" }>().not.toExtend<ModelChoice>();
  expectTypeOf<{ name: "linear"; preset: "paper" }>().not.toExtend<ModelChoice>();
  expectTypeOf<{ name: "euar"; config: { experts: { count: "four" } } }>().not.toExtend<ModelChoice>();
  // @ts-expect-error an option that EUAR does not have
  const misspelt: ModelChoice = { name: "euar", config: { exprets: { count: 4 } } };
  // @ts-expect-error an option of another model
  const foreign: ModelChoice = { name: "linear", config: { experts: { count: 4 } } };
  expectTypeOf([misspelt, foreign]).toEqualTypeOf<ModelChoice[]>();
});

test("options of EUAR that contradict each other do not compile", () => {
  const sequence: ModelChoice = {
    name: "euar",
    preset: "aware",
    config: { encoder: { kind: "sequence", layers: 2 }, awareness: { ranking: null } },
  };
  // @ts-expect-error an encoder that takes the mean has no layers
  const idle: ModelChoice = { name: "euar", config: { encoder: { kind: "mean", layers: 2 } } };
  // @ts-expect-error statistics need a number of hidden units
  const gated: ModelChoice = { name: "euar", config: { awareness: { statistics: { gate: true } } } };
  // @ts-expect-error an option of a loss, misspelt
  const nested: ModelChoice = { name: "euar", config: { losses: { kl: { wieght: 1 } } } };
  // @ts-expect-error an unknown option beside a known one
  const beside: ModelChoice = { name: "euar", config: { hidden: 4, exprets: 4 } };
  // @ts-expect-error the flat form of run format 1
  const flat: ModelChoice = { name: "euar", config: { topK: 3 } };
  expectTypeOf([sequence, idle, gated, nested, beside, flat]).toEqualTypeOf<ModelChoice[]>();
});

test("a definition has the types of its name and its options", () => {
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
