import { describe, expect, test } from "vitest";
import { Tape } from "../tensor/tape.js";
import { meanOfInput, poolSteps } from "./masked-mean.js";
import { ParameterSet } from "./parameter-set.js";
import { sinusoidalPositions } from "./positions.js";
import { packSteps, presence, type Sequence } from "./sequence.js";
import { SequenceEncoder } from "./sequence-encoder.js";
import { modelBackends } from "./testing/backends.js";
import { fixtureValues } from "./testing/fixture-values.js";

const width = 5;
const options = {
  layers: 2,
  heads: 2,
  norm: "pre",
  dropout: 0,
  attentionDropout: 0,
  pooling: "mean",
  ignorePadding: true,
  embeddingDropout: 0,
  inputDropout: 0,
} as const;
const draws = { training: false, seed: 1, step: 0, sampleIndex: [7] };

/**
 * Clip of `length` real steps in a table of `steps`. Fills the padding with arbitrary values if requested.
 */
function clip(length: number, steps: number, side: "left" | "right", rubbish = 0): Sequence {
  const start = side === "right" ? 0 : steps - length;
  const values = new Float32Array(steps * width).fill(rubbish);
  values.set(fixtureValues("clip", length * width), start * width);
  const mask = new Uint8Array(steps).fill(1, start, start + length);
  return { steps, width, values, mask, present: new Uint8Array([1]) };
}

describe.each(modelBackends)("encoders on $name", ({ create }) => {
  const encode = (
    sequence: Sequence,
    changes: Partial<ConstructorParameters<typeof SequenceEncoder>[4]> = {},
    present = [1],
  ): number[] => {
    const backend = create();
    const encoder = new SequenceEncoder(new ParameterSet(backend, 1), "text/encoder", width, 6, {
      ...options,
      ...changes,
    });
    return encoder.forward(new Tape(backend, false), sequence, present, draws).toArray();
  };

  test.each(["mean", "last"] as const)(
    "left and right padding give the same bits for any padding values: %s",
    (pooling) => {
      const right = encode(clip(4, 7, "right"), { pooling });
      expect(encode(clip(4, 7, "left"), { pooling })).toEqual(right);
      expect(encode(clip(4, 7, "left", 1e3), { pooling })).toEqual(right);
    },
  );

  test.each(["pre", "post"] as const)(
    "neither more padding nor a longer batch-mate changes a bit: %s",
    (norm) => {
      const tight = encode(clip(4, 4, "right"), { norm });
      expect(encode(clip(4, 23, "right"), { norm })).toEqual(tight);
      for (const steps of [5, 8, 17, 23]) {
        const [short, long] = [clip(4, steps, "left"), clip(steps, steps, "left")];
        const both = {
          ...short,
          values: Float32Array.from([...short.values, ...long.values]),
          mask: Uint8Array.from([...short.mask, ...long.mask]),
          present: new Uint8Array([1, 1]),
        };
        expect(encode(both, { norm }, [1, 1]).slice(0, 6)).toEqual(tight);
      }
    },
  );

  test("in training, dropout of a clip does not depend on the longest clip of the batch", () => {
    const rates = { dropout: 0.2, attentionDropout: 0.3, embeddingDropout: 0.1, inputDropout: 0.1 };
    const train = (changes: Partial<typeof rates>): number[][] => {
      const backend = create();
      const encoder = new SequenceEncoder(new ParameterSet(backend, 1), "text/encoder", width, 6, {
        ...options,
        ...changes,
      });
      const [short, long] = [clip(4, 9, "left"), clip(9, 9, "left")];
      const both = {
        ...short,
        values: Float32Array.from([...short.values, ...long.values]),
        mask: Uint8Array.from([...short.mask, ...long.mask]),
        present: new Uint8Array([1, 1]),
      };
      const alone = encoder.forward(new Tape(backend), short, [1], { ...draws, training: true }).toArray();
      const mates = encoder
        .forward(new Tape(backend), both, [1, 1], { ...draws, training: true, sampleIndex: [7, 8] })
        .toArray();
      return [alone, mates.slice(0, 6)];
    };
    for (const changes of [rates, { ...rates, attentionDropout: 0 }]) {
      const [alone, withMate] = train(changes);
      expect(withMate).toEqual(alone);
    }
    expect(train(rates)[0]).not.toEqual(encode(clip(4, 9, "left")));
  });

  test("without the mask padding counts, as in the published code", () => {
    const tight = encode(clip(4, 4, "right"), { ignorePadding: false });
    const padded = encode(clip(4, 9, "right"), { ignorePadding: false });
    expect(Math.max(...padded.map((value, i) => Math.abs(value - (tight[i] ?? NaN))))).toBeGreaterThan(1e-3);
    expect(tight).toEqual(encode(clip(4, 4, "right")));
  });

  test("an absent sample gives zeros, with and without the mask", () => {
    for (const ignorePadding of [true, false])
      expect(encode(clip(4, 5, "left"), { ignorePadding }, [0])).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("the masked mean has the same bits with any padding, and is zero for an absent sample", () => {
    const mean = (sequence: Sequence, present = [1]): number[] =>
      meanOfInput(new Tape(create(), false), sequence, present).toArray();
    const expected = mean(clip(3, 3, "right"));
    expect(mean(clip(3, 9, "left", 5))).toEqual(expected);
    expect(mean(clip(3, 8, "right", 5))).toEqual(expected);
    const values = fixtureValues("clip", 3 * width);
    expected.forEach((value, i) => {
      expect(value).toBeCloseTo(
        ((values[i] ?? NaN) + (values[width + i] ?? NaN) + (values[2 * width + i] ?? NaN)) / 3,
        6,
      );
    });
    expect(mean(clip(3, 3, "right"), [0])).toEqual([0, 0, 0, 0, 0]);
    expect(mean(clip(1, 1, "right"), [0])).toEqual([0, 0, 0, 0, 0]);
  });

  test("pooling takes the mean of the real steps or the last of them, and sends the gradient there", () => {
    const backend = create();
    const tape = new Tape(backend);
    const x = tape.variable([1, 2, 3, 4, 50, 60, 7, 8, 9, 10, 11, 12], [2, 3, 2]);
    expect(poolSteps(tape, x, [2, 0], "mean").toArray()).toEqual([2, 3, 0, 0]);
    expect(poolSteps(tape, x, [2, 3], "last").toArray()).toEqual([3, 4, 11, 12]);
  });
});

test("positions are sin and cos of t / 10000^(2i/H)", () => {
  const table = sinusoidalPositions(4, 5);
  expect(table).toHaveLength(20);
  for (let t = 0; t < 4; t++) {
    for (let j = 0; j < 5; j++) {
      const angle = t / 10000 ** ((2 * Math.floor(j / 2)) / 5);
      expect(table[5 * t + j]).toBeCloseTo(j % 2 === 0 ? Math.sin(angle) : Math.cos(angle), 12);
    }
  }
});

test("packing takes only real steps, also between dropped ones; a clip with only padding is absent", () => {
  const mask = new Uint8Array([0, 1, 0, 1, 0, 0, 0, 0]);
  const values = Float32Array.from({ length: 8 }, (_, i) => i + 1);
  const sequence = { steps: 4, width: 1, values, mask, present: new Uint8Array([1, 1]) };
  expect(Array.from(presence(sequence))).toEqual([1, 0]);
  const packed = packSteps(sequence, presence(sequence), false);
  expect([Array.from(packed.starts), Array.from(packed.values)]).toEqual([
    [0, 2, 2],
    [2, 4],
  ]);
  const whole = packSteps(sequence, presence(sequence), true);
  expect([Array.from(whole.starts), Array.from(whole.values)]).toEqual([
    [0, 4, 4],
    [1, 2, 3, 4],
  ]);
});
