import { describe, expect, it } from "vitest";
import type { Task } from "../data/dataset.js";
import { compareStored, type StoredRow } from "./compare-stored.js";

const regression: Task = { kind: "regression", targets: ["sentiment"], range: [-3, 3] };

function rowsOf(predictions: readonly number[], uncertainty: readonly (number | null)[]): StoredRow[] {
  return predictions.map((prediction, n) => ({
    id: `s${n}`,
    label: n % 2 === 0 ? 1 : -1,
    prediction,
    uncertainty: uncertainty[n] ?? null,
    modalities: {
      text: { present: true, experts: n === 0 ? [2, 0] : [0], gates: n === 0 ? [0.5, 0.5] : [1] },
    },
  }));
}

describe("compareStored", () => {
  const good = rowsOf([1, -1, 1.5, -1], [0.1, 0.1, 0.9, 0.2]);
  const bad = rowsOf([-1, 1, -1, 1], [null, null, null, null]);

  it("finds errors, the risk of the most certain samples, and the load of the experts", () => {
    const [run] = compareStored([{ name: "good", task: regression, rows: good }]).runs;
    expect(run?.errors).toEqual([0, 0, 0.5, 0]);
    expect(run?.risk.at(-1)).toEqual({ coverage: 1, risk: 0.125 });
    expect(run?.risk.at(0)).toEqual({ coverage: 0.25, risk: 0 });
    expect(run?.reliability.at(-1)).toEqual({ samples: 1, predicted: 0.9, actual: 0.5 });
    expect(run?.routing).toEqual({ text: [0.875, 0, 0.125] });
  });

  it("doubts inputs as a prediction does: the inputs of a sample share 3% of the clean samples", () => {
    const input = (percentile: number | null) => ({
      present: percentile !== null,
      percentile,
      experts: [],
      gates: [],
    });
    const rows = [
      [0.98, 0.98, null],
      [0.98, 0.99, null],
      [0.98, 0.992, 0.995],
      [0.96, null, null],
      [0.98, null, null],
    ].map(([text = null, audio = null, vision = null], n): StoredRow => ({
      ...{ id: String(n), label: 1, prediction: 1, uncertainty: null },
      modalities: { text: input(text), audio: input(audio), vision: input(vision) },
    }));
    const [run] = compareStored([{ name: "one", task: regression, rows }]).runs;
    expect(run?.doubted).toEqual([[], ["audio"], ["vision", "audio"], [], ["text"]]);
  });

  it("tests the other runs against the first, on the same samples only", () => {
    const runs = [
      { name: "good", task: regression, rows: good },
      { name: "bad", task: regression, rows: bad },
    ];
    const { tests, runs: found } = compareStored(runs);
    expect(found[1]?.risk).toEqual([]);
    const mae = tests.find(({ metric }) => metric === "MAE")?.rows[0];
    expect(mae?.difference).toBeCloseTo(-1.875, 12);
    expect(mae?.adjusted).toBe(mae?.p);
    expect(tests.find(({ metric }) => metric === "Non0_acc_2")?.rows[0]?.difference).toBe(-1);
    const other = bad.map((row) => ({ ...row, id: `other-${row.id}` }));
    expect(
      compareStored([runs[0], { name: "bad", task: regression, rows: other }].flatMap((run) => run ?? []))
        .tests,
    ).toEqual([]);
  });

  it("reads classes with their probabilities", () => {
    const task: Task = { kind: "classification", classes: ["no", "yes"] };
    const rows = ["yes", "yes"].map((prediction, n): StoredRow => ({
      id: String(n),
      label: n === 0 ? "yes" : "no",
      prediction,
      uncertainty: null,
      classes: { no: 0.2, yes: 0.8 },
      modalities: {},
    }));
    const [run] = compareStored([{ name: "one", task, rows }]).runs;
    expect(run?.errors).toEqual([0, 1]);
    expect(run?.reliability).toEqual([{ samples: 2, predicted: 0.8, actual: 0.5 }]);
    expect(run?.routing).toEqual({});
  });
});
