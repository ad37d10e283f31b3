import { expect, it } from "vitest";
import { ParameterSet } from "../nn/parameter-set.js";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { Tape } from "../tensor/tape.js";
import { ModalityTrust } from "./modality-trust.js";

const backend = createReferenceBackend();

it("counts every modality until it is settled, then another one only where no trusted one is present", () => {
  const trust = new ModalityTrust(new ParameterSet(backend, 1), 3, 2);
  const present = [
    [1, 0, 0, 0],
    [1, 1, 0, 1],
    [0, 1, 1, 0],
  ];
  const counted = (): number[][] => trust.counted(present).map((flags) => [...flags]);
  expect(counted()).toEqual(present);
  trust.settle([true, false, false], { prediction: [5, 6], spread: [0.5, 0.75] });
  expect(counted()).toEqual([
    [1, 0, 0, 0],
    [0, 1, 0, 1],
    [0, 1, 1, 0],
  ]);
  const nothing = [0, 0, 0, 0];
  expect(trust.used(present).map((flags) => [...Array.from(flags)])).toEqual([present[0], nothing, nothing]);
});

it("answers samples that have no trusted modality with the constant, once it is settled", () => {
  const trust = new ModalityTrust(new ParameterSet(backend, 1), 2, 2);
  const present = [
    [1, 0, 1, 0],
    [1, 1, 0, 0],
  ];
  const tape = new Tape(backend);
  const prediction = tape.constant(Float32Array.of(1, 2, 3, 4, -0, 7, 8, 9), [4, 2]);
  const answered = (flags = present): number[] => [...trust.answer(tape, prediction, flags).toArray()];
  expect(answered()).toEqual([1, 2, 3, 4, -0, 7, 8, 9]);
  const constant = { prediction: [5, 6], spread: [0.5, 0.75] };
  trust.settle([true, true], constant);
  expect(answered()).toEqual([1, 2, 3, 4, -0, 7, 8, 9]);
  trust.settle([true, false], constant);
  expect(answered()).toEqual([1, 2, 5, 6, -0, 7, 5, 6]);
  expect([...trust.spread(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), present)]).toEqual([
    1, 2, 0.5, 0.75, 5, 6, 0.5, 0.75,
  ]);
  expect(trust.answer(tape, prediction, [Array(4).fill(1), [1, 1, 0, 1]])).toBe(prediction);
});
