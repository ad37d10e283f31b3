import { expect, test } from "vitest";
import { ParameterSet } from "../../../nn/parameter-set.js";
import { createReferenceBackend } from "../../../tensor/backends/reference/index.js";
import { Tape } from "../../../tensor/tape.js";
import { ModalityGraph } from "./modality-graph.js";

const backend = createReferenceBackend();
const modalities = ["a", "b", "c"];

/** One value per node; every map is a multiplication by its factor. */
function graphOf(rounds: number): ModalityGraph {
  const parameters = new ParameterSet(backend, 1);
  const graph = new ModalityGraph(parameters, "graph", modalities, 1, rounds);
  for (const { name, buffer } of parameters.all())
    if (name.endsWith("/weight"))
      buffer.view.fill(
        name.includes("/self/") ? 10 : name.includes("from-a") ? 1 : name.includes("from-b") ? 2 : 4,
      );
  return graph;
}

const run = (rounds: number, values: readonly number[], seen: readonly number[]): number[] => {
  const tape = new Tape(backend, false);
  return graphOf(rounds)
    .forward(
      tape,
      values.map((value) => tape.constant([value], [1, 1])),
      seen.map((flag) => Uint8Array.of(flag)),
    )
    .map((state) => state.item());
};

test("by hand: a node's own state, and the mean of its messages", () => {
  expect(run(1, [1, 1, 1], [1, 1, 1])).toEqual([10 + (2 + 4) / 2, 10 + (1 + 4) / 2, 10 + (1 + 2) / 2]);
});

test("a hidden node receives messages and sends none, in every round", () => {
  expect(run(1, [1, 1, 0], [1, 1, 0])).toEqual([10 + 2, 10 + 1, (1 + 2) / 2]);
  expect(run(2, [1, 1, 0], [1, 1, 0])).toEqual([120 + 22, 110 + 12, 15 + (12 + 22) / 2]);
  expect(run(3, [0, 0, 0], [0, 0, 0])).toEqual([0, 0, 0]);
});
