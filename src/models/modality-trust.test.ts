import { expect, it } from "vitest";
import { ParameterSet } from "../nn/parameter-set.js";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { ModalityTrust } from "./modality-trust.js";

it("counts every modality until it is settled, then another one only where no trusted one is present", () => {
  const trust = new ModalityTrust(new ParameterSet(createReferenceBackend(), 1), 3);
  const present = [
    [1, 0, 0, 0],
    [1, 1, 0, 1],
    [0, 1, 1, 0],
  ];
  const counted = (): number[][] => trust.counted(present).map((flags) => [...flags]);
  expect(counted()).toEqual(present);
  trust.settle([true, false, false]);
  expect(counted()).toEqual([
    [1, 0, 0, 0],
    [0, 1, 0, 1],
    [0, 1, 1, 0],
  ]);
});
