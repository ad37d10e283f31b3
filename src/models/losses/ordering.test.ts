import { expect, test } from "vitest";
import { defined } from "../../core/defined.js";
import { layOver, type Options } from "../../core/nested-options.js";
import { log } from "../../core/math.js";
import { gradientValues } from "../../nn/testing/gradients.js";
import { createReferenceBackend } from "../../tensor/backends/reference/index.js";
import { Tape } from "../../tensor/tape.js";
import { createEuar } from "../euar.js";
import { euarConfigSchema } from "../euar-config.js";
import { smallBatch, threeModalities } from "../testing/small-batch.js";

const summed: Options = {
  hidden: 6,
  encoder: { kind: "mlp" },
  experts: { count: 2, topK: 2, sampling: "never" },
  fusion: "sum",
  head: null,
  losses: { kl: null, uncertainty: null },
  awareness: { variance: 5, ordering: 1 },
};

/** Four samples, each corrupted by another kind. */
const batch = {
  ...smallBatch(threeModalities, [1, 2, 3, 4]),
  ...Object.fromEntries(
    ["severity", "damage", "distance"].map((key) => [
      key,
      Object.fromEntries(
        threeModalities.modalities.map(({ name }) => [
          name,
          key === "damage" ? Int32Array.of(1, 2, 3, 4) : Float32Array.of(0.2, 0.4, 0.7, 1),
        ]),
      ),
    ]),
  ),
};

function modelOf(options: Options): ReturnType<typeof createEuar> {
  return createEuar(threeModalities, euarConfigSchema.parse(options), createReferenceBackend(), 1);
}

const context = { training: true, seed: 1, step: 0 } as const;

test("compares copies of different kinds, which L_rank does not", () => {
  const model = modelOf(layOver(summed, { awareness: { ranking: 1 } }));
  // equal scores: log 2 for every pair
  for (const { name, buffer } of model.parameters.all()) if (name.includes("/variance/")) buffer.view.fill(0);
  const { losses } = model.forward(new Tape(model.parameters.backend), batch, context);
  for (const { name } of threeModalities.modalities) {
    expect(losses?.parts[`rank/${name}`]?.item()).toBe(0);
    expect(losses?.parts[`order/${name}`]?.item()).toBeCloseTo(log(2), 12);
  }
});

test("trains the layer for variances, not the experts' log-variances", () => {
  const model = modelOf(summed);
  const { backend } = model.parameters;
  const tape = new Tape(backend);
  const { losses } = model.forward(tape, batch, context);
  tape.backward(defined(losses).total);
  const gradientOf = (name: string): readonly number[] =>
    gradientValues(backend, defined(model.parameters.get(name))) ?? [];
  const experts = gradientOf("text/experts/weight"); // [N, D, 2]: mu, log-variance
  expect(experts.filter((_, i) => i % 2 === 1).every((value) => value === 0)).toBe(true);
  expect(experts.some((value) => value !== 0)).toBe(true);
  expect(gradientOf("text/variance/out/weight").some((value) => value !== 0)).toBe(true);
});
