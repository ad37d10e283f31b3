import { describe, expect, it } from "vitest";
import { Adam } from "../nn/optim/adam.js";
import { modelBackends } from "../nn/testing/backends.js";
import { gradientValues } from "../nn/testing/gradients.js";
import type { SampleDraws } from "../nn/sample-draws.js";
import { matmul } from "../tensor/ops/matmul.js";
import { mse } from "../tensor/ops/losses.js";
import { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { largestDifference } from "../tensor/testing/backends.js";
import type { EncoderStack } from "./encoder-stack.js";
import { hubName } from "./hub-names.js";
import { packTokens } from "./packed-tokens.js";
import { poolTexts } from "./pool-texts.js";
import { expectedOf, fixtureEncoder, fixtureFamilies, fixtureTexts } from "./testing/family-fixture.js";

const tokens = packTokens(fixtureTexts);
const draws: SampleDraws = { training: true, seed: 1, step: 0, sampleIndex: [0, 1, 2] };
const TARGETS = [0.5, -1, 0.25];

/** The loss of scripts/fixtures/encoders.py: a fixed reader on the mean of the last states. */
function lossOf(tape: Tape, stack: EncoderStack): Tensor {
  const { hidden } = stack.shape;
  const states = stack.forward(tape, tokens, { from: 0, to: 2 }, draws);
  const pooled = poolTexts(tape, tokens, states, "mean"); // [B, H]
  const reader = Array.from({ length: hidden }, (_, i) => -1 + (2 * i) / (hidden - 1));
  const read = matmul(tape, pooled, tape.constant(reader, [hidden, 1])); // [B, 1]
  return mse(tape, read, tape.constant(TARGETS, [3, 1]));
}

/** Ours as the hub stores it. */
function stored(values: ArrayLike<number>, shape: readonly number[], transposed: boolean): number[] {
  if (!transposed) return Array.from(values);
  const [rows = 1, columns = 1] = shape;
  return Array.from({ length: rows * columns }, (_, i) => {
    const [c, r] = [Math.floor(i / rows), i % rows];
    return values[r * columns + c] ?? NaN;
  });
}

describe.each(modelBackends)("encoders equal transformers on $name", ({ create }) => {
  it.each(fixtureFamilies)("%s: hidden states of every layer", (family) => {
    const { stack } = fixtureEncoder(family, create());
    const expected = expectedOf(family);
    for (let to = 0; to <= 2; to++) {
      const tape = new Tape(stack.weights.parameters.backend, false);
      const states = stack.forward(tape, tokens, { from: 0, to }, { ...draws, training: false });
      expect(states.shape).toEqual([15, stack.shape.hidden]);
      expect(
        largestDifference(states.toArray(), expected.get(`hidden/${to}`) ?? []),
        `${family}, layer ${to}`,
      ).toBeLessThan(1e-5);
    }
  });

  it.each(fixtureFamilies)("%s: gradients, and weights after five steps of AdamW", (family) => {
    const { stack, parameters } = fixtureEncoder(family, create());
    const expected = expectedOf(family);
    const adam = new Adam(parameters, { kind: "adamw", weightDecay: 0.1 });
    const losses: number[] = [];
    const names = stack.weights.all().map(([name, { parameter }]) => {
      const hub = hubName(stack.shape.family, name);
      if (!hub) throw new Error(`no name for ${name}`);
      return { name, parameter, hub };
    });
    for (let step = 0; step < 5; step++) {
      const tape = new Tape(parameters.backend);
      const loss = lossOf(tape, stack);
      losses.push(loss.item());
      tape.backward(loss);
      if (step === 0)
        for (const { name, parameter, hub } of names) {
          const want = expected.get(`gradient/${hub.name}`);
          const values = gradientValues(parameters.backend, parameter) ?? new Float32Array(parameter.size);
          const got = stored(values, parameter.shape, hub.transposed);
          expect(
            largestDifference(got, want ?? new Float32Array(got.length)),
            `${family}: ${name}`,
          ).toBeLessThan(1e-4);
        }
      adam.step(0.01);
      parameters.backend.endStep();
    }
    expect(largestDifference(losses, expected.get("losses") ?? [])).toBeLessThan(1e-4);
    for (const { name, parameter, hub } of names) {
      const got = stored(parameter.buffer.view, parameter.shape, hub.transposed);
      // The bias of keys moves all scores of a query alike: its gradient is 0, and Adam steps along rounding.
      if (name.endsWith("key/bias")) continue;
      expect(
        largestDifference(got, expected.get(`after/${hub.name}`) ?? []),
        `${family}: ${name}`,
      ).toBeLessThan(1e-4);
    }
  });
});
