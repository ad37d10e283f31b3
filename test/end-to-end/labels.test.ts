import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { euar, jsonOf, withFolder } from "../run-euar.js";
import { writeNpy } from "./npy-folder.js";

type Split = readonly number[];

/** Writes a data set of one-number features and the given labels, with nothing said about what they are. */
function writeLabelled(folder: string, columns: number, labels: Split, task?: object): void {
  const count = labels.length / columns;
  const features = Array.from({ length: 2 * count }, (_, i) => Math.sin(i));
  writeNpy(join(folder, "x.npy"), features, [count, 2]);
  writeNpy(join(folder, "y.npy"), labels, columns === 1 ? [count] : [count, columns]);
  const split = { features: { text: "x.npy" }, labels: "y.npy" };
  writeFileSync(
    join(folder, "dataset.json"),
    JSON.stringify({ ...(task && { task }), splits: { train: split, valid: split, test: split } }),
  );
}

/** A folder for data, with room for outputs beside it. */
const withData = (work: (folder: string) => void): Promise<void> =>
  withFolder((outer) => {
    const folder = join(outer, "data");
    mkdirSync(folder);
    work(folder);
  });

const trainIn = (folder: string, ...more: string[]): ReturnType<typeof euar> =>
  euar(
    [
      "train",
      "--data",
      folder,
      "--epochs",
      "1",
      "--model",
      "linear",
      "--out",
      join(folder, "..", "run"),
      "--overwrite",
    ].concat(more),
  );
const metricsOf = (outcome: ReturnType<typeof euar>): string[] =>
  Object.keys((jsonOf(outcome)["metrics"] as { test: object }).test);
const repeated = (values: readonly number[], times: number): number[] =>
  Array.from({ length: times }, () => values).flat();

describe("labels without a description", () => {
  it("from 1 to 5: no accuracy by sign, until a threshold or bins are stated", async () => {
    await withData((folder) => {
      writeLabelled(folder, 1, repeated([1, 2, 3, 4, 5], 6));
      const plain = trainIn(folder, "--json");
      expect(plain.stderr).toMatch(/labels are assumed to be regression of label/);
      expect(plain.stderr).toMatch(/without a sign \(training labels from 1 to 5\)/);
      expect(metricsOf(plain)).toEqual(["MAE", "Corr"]);
      const stated = trainIn(
        folder,
        "--json",
        "--range",
        "1,5",
        "--threshold",
        "3",
        "--bins",
        "1.5,2.5,3.5,4.5",
      );
      expect(metricsOf(stated)).toEqual([
        "MAE",
        "Corr",
        "Threshold_acc_2",
        "Threshold_F1_score",
        "Bins_acc_5",
      ]);
      const measured = euar([
        "evaluate",
        "--run",
        join(folder, "..", "run"),
        "--data",
        folder,
        "--threshold",
        "2",
        "--json",
      ]);
      expect(Object.keys(jsonOf(measured)["metrics"] as object)).toContain("Threshold_acc_2");
      expect(trainIn(folder, "--json", "--task", "classification").stderr).not.toMatch(/assumed/);
    });
  });

  it("from 0 to 6, and one-hot: classes, said to be assumed, and a scale on request", async () => {
    await withData((folder) => {
      writeLabelled(folder, 1, repeated([0, 1, 2, 3, 4, 5, 6], 3));
      const inspected = euar(["inspect", folder]);
      expect(inspected.stdout).toMatch(/classification into 0, 1, 2, 3, 4, 5, 6/);
      expect(inspected.stdout).toMatch(
        /Labels \(assumed\): 7 classes .*task regression reads them as numbers/,
      );
      expect(metricsOf(trainIn(folder, "--json"))).toEqual(["Accuracy", "Weighted_F1", "Macro_F1"]);
      const scale = trainIn(folder, "--json", "--task", "regression");
      expect(metricsOf(scale)).toEqual(["MAE", "Corr"]);
      const measured = euar(["evaluate", "--run", join(folder, "..", "run"), "--data", folder, "--json"]);
      expect(Object.keys(jsonOf(measured)["metrics"] as object)).toEqual(["MAE", "Corr"]);

      writeLabelled(folder, 3, repeated([1, 0, 0, 0, 0, 1, 0, 1, 0], 4));
      const oneHot = trainIn(folder, "--json");
      expect(oneHot.stderr).toMatch(/assumed to be 3 classes .*one-hot rows of 3/);
      expect(metricsOf(oneHot)).toEqual(["Accuracy", "Weighted_F1", "Macro_F1"]);
    });
  });

  it("of 0 and 1: a multi-label task, with a prediction per label", async () => {
    await withData((folder) => {
      const rows = repeated([1, 1, 0, 0, 0, 1], 8);
      writeLabelled(folder, 3, rows, { kind: "multi-label", labels: ["joy", "anger", "fear"] });
      const trained = trainIn(folder, "--json");
      expect(metricsOf(trained)).toEqual(
        expect.arrayContaining(["F1/joy", "Weighted_acc/anger", "Exact_match"]),
      );
      writeFileSync(join(folder, "clip.json"), JSON.stringify({ text: [0.5, -0.5] }));
      const predict = [
        "predict",
        "--run",
        join(folder, "..", "run"),
        "--features",
        join(folder, "clip.json"),
      ];
      const labels = jsonOf(euar([...predict, "--json"]))["labels"] as Record<string, { present: boolean }>;
      expect(Object.keys(labels)).toEqual(["joy", "anger", "fear"]);
      expect(euar(predict).stdout).toMatch(/joy 0\.\d+ \((present|absent); threshold 0\.\d+\)/);
      const refused = trainIn(folder, "--model", "ridge");
      expect([refused.code, refused.stderr]).toEqual([
        2,
        expect.stringContaining("the model ridge supports regression, but the task is multi-label"),
      ]);
    });
  });

  it("with names that differ in case: a warning, and one class on request", async () => {
    await withData((folder) => {
      const moods = ["Positive", "positive", "Negative"];
      const features = Array.from({ length: 30 }, (_, i) => i % 3);
      writeNpy(join(folder, "x.npy"), features, [30, 1]);
      const rows = Array.from(
        { length: 30 },
        (_, i) => `${["train", "valid", "test"][i % 10 > 7 ? 2 : i % 2] ?? ""},${moods[i % 3] ?? ""}\n`,
      );
      writeFileSync(join(folder, "rows.csv"), `part,mood\n${rows.join("")}`);
      writeFileSync(
        join(folder, "dataset.json"),
        JSON.stringify({
          all: { features: { text: "x.npy" }, table: "rows.csv" },
          columns: { labels: "mood", split: "part" },
        }),
      );
      const apart = trainIn(folder);
      expect(apart.stderr).toMatch(
        /classes differ only in case or spaces: "Positive" = "positive" \(--fold-classes/,
      );
      const folded = euar(["inspect", folder, "--fold-classes", "--json"]);
      expect(jsonOf(folded)["task"]).toEqual({ kind: "classification", classes: ["Negative", "Positive"] });
    });
  });

  it("are read in the same way in experiments, and jobs keep the stated options", async () => {
    await withData((folder) => {
      writeLabelled(folder, 1, repeated([0, 1, 2], 8));
      writeFileSync(join(folder, "space.json"), JSON.stringify({ learningRate: { choice: [0.001, 0.01] } }));
      const sweep = (...more: string[]): Record<string, unknown> =>
        jsonOf(
          euar(
            [
              "sweep",
              "--data",
              folder,
              "--space",
              join(folder, "space.json"),
              "--model",
              "linear",
              "--trials",
              "2",
              "--epochs",
              "1",
              "--workers",
              "1",
              "--out",
              join(folder, "..", "sweep"),
              "--json",
            ].concat(more),
          ),
        );
      expect(sweep()["metric"]).toBe("Accuracy");
      expect(sweep("--task", "regression")["metric"]).toBe("MAE");
    });
  });
});
