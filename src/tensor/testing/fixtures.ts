import { readFileSync } from "node:fs";
import { z } from "zod";
import type { ArrayValue } from "./run-operation.js";

const numbers = z.array(z.number());
const array = z.object({ shape: numbers, values: numbers }).transform((value): ArrayValue => value);

const fixtureSchema = z.object({
  cases: z.array(
    z.object({
      op: z.string(),
      args: z.record(z.string(), z.unknown()),
      rough: z.boolean(),
      inputs: z.array(array),
      output: array,
      cotangent: numbers,
      gradients: z.array(numbers),
    }),
  ),
  adam: z.array(
    z.object({
      decay: z.enum(["l2", "decoupled"]),
      inputs: z.number(),
      outputs: z.number(),
      lr: z.number(),
      betas: z.tuple([z.number(), z.number()]),
      eps: z.number(),
      weight_decay: z.number(),
      start: numbers,
      steps: z.array(z.object({ gradients: z.array(numbers.nullable()), weights: numbers })),
    }),
  ),
});

export type OperationFixtures = z.infer<typeof fixtureSchema>;

/** Results of PyTorch in float64 (scripts/fixtures/ops.py). */
export const fixtures: OperationFixtures = fixtureSchema.parse(
  JSON.parse(readFileSync(new URL("../../../test/fixtures/ops.json", import.meta.url), "utf8")),
);

/** Name for the report: the operation, its shapes and arguments. */
export function caseName({
  op,
  args,
  inputs,
}: {
  op: string;
  args: Readonly<Record<string, unknown>>;
  inputs: readonly ArrayValue[];
}): string {
  const shapes = inputs.map(({ shape }) => `[${shape.join(",")}]`).join(" ");
  return `${op} ${shapes} ${JSON.stringify(args)}`;
}
