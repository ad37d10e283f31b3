import { describe, expect, it } from "vitest";
import { add } from "../../tensor/ops/elementwise.js";
import { embedding } from "../../tensor/ops/embedding.js";
import { mean, sum } from "../../tensor/ops/reductions.js";
import { square } from "../../tensor/ops/unary.js";
import { Tape } from "../../tensor/tape.js";
import { testBackends } from "../../tensor/testing/backends.js";
import { ParameterSet } from "../parameter-set.js";
import { Adam } from "./adam.js";
import { firstBrokenGradient, globalGradientNorm } from "./gradient-norm.js";

const rows = 6;
const width = 5;

describe.each(testBackends)("an embedding table on $name", ({ create }) => {
  function start(groups: number): { parameters: ParameterSet; optimiser: Adam; values: () => number[] } {
    const parameters = new ParameterSet(create(), 3);
    const table = parameters.create("table", [rows, width], { init: { kind: "normal", std: 1 }, groups });
    const optimiser = new Adam(parameters, { kind: "adamw", weightDecay: 0.1 });
    return { parameters, optimiser, values: () => Array.from(table.buffer.view) };
  }

  function step({ parameters, optimiser }: ReturnType<typeof start>, ids: readonly number[]): number {
    const { backend } = parameters;
    const tape = new Tape(backend);
    tape.backward(sum(tape, square(tape, embedding(tape, tape.parameter(parameters.get("table")), ids))));
    const norm = globalGradientNorm(backend, parameters.all());
    expect(firstBrokenGradient(backend, parameters.all())).toBeUndefined();
    optimiser.step(0.01);
    backend.endStep();
    return norm;
  }

  it("steps used rows like a dense gradient, and does not change the others", () => {
    const [sparse, dense] = [start(rows), start(1)];
    const before = sparse.values();
    const used = [4, 1, 4];
    for (let i = 0; i < 3; i++) expect(step(sparse, used)).toBeCloseTo(step(dense, used), 4);
    const [after, expected] = [sparse.values(), dense.values()];
    for (let row = 0; row < rows; row++) {
      const part = (values: number[]): number[] => values.slice(row * width, (row + 1) * width);
      if (used.includes(row)) expect(part(after)).toEqual(part(expected));
      else expect(part(after)).toEqual(part(before));
      if (!used.includes(row)) expect(part(expected)).not.toEqual(part(before)); // decayed
    }
    const moments = sparse.optimiser.snapshot().get("table");
    expect([...(moments?.steps ?? [])]).toEqual([0, 3, 0, 0, 3, 0]);
  });

  it("counts the steps of each row: the size of a first step does not depend on its time", () => {
    const [early, late] = [start(rows), start(rows)];
    for (let i = 0; i < 4; i++) step(late, [0]);
    step(late, [2]);
    step(early, [2]);
    const part = (values: number[]): number[] => values.slice(2 * width, 3 * width);
    expect(part(late.values())).toEqual(part(early.values()));
  });

  it("sums the gradients of two uses in one step", () => {
    const { parameters } = start(rows);
    const table = parameters.get("table");
    const tape = new Tape(parameters.backend);
    const leaf = tape.parameter(table);
    const first = mean(tape, embedding(tape, leaf, [0, 1]));
    tape.backward(add(tape, first, sum(tape, embedding(tape, leaf, [1, 5]))));
    const gradient = table.gradient;
    if (gradient?.kind !== "dense") throw new Error("two uses give a dense gradient");
    const perRow = Array.from({ length: rows }, (_, row) => gradient.buffer.view[row * width] ?? NaN);
    [0.1, 1.1, 0, 0, 0, 1].forEach((value, row) => {
      expect(perRow[row]).toBeCloseTo(value, 6);
    });
  });

  it("finds a broken gradient among its rows", () => {
    const { parameters } = start(rows);
    parameters.get("table").buffer.view[width] = NaN;
    const tape = new Tape(parameters.backend);
    tape.backward(sum(tape, square(tape, embedding(tape, tape.parameter(parameters.get("table")), [1]))));
    expect(firstBrokenGradient(parameters.backend, parameters.all())?.name).toBe("table");
  });

  it("refuses an index outside", () => {
    const tape = new Tape(create());
    const table = tape.constant([1, 2], [2, 1]);
    for (const id of [-1, 2, 0.5, NaN]) expect(() => embedding(tape, table, [id])).toThrow(/not a row/);
  });
});
