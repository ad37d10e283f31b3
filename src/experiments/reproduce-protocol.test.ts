import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { meanOfKnown } from "../core/averages.js";
import { defined } from "../core/defined.js";
import { builtInProtocol } from "../protocols/built-in.js";
import type { Protocol } from "../protocols/protocol-schema.js";
import { localExecutor } from "./executor.js";
import type { ExperimentResult, Experiments } from "./experiment-result.js";
import { parseRecipe } from "./recipe.js";
import { reproduceProtocol } from "./reproduce-protocol.js";

const root = mkdtempSync(join(tmpdir(), "euar-protocol-"));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const recipe = parseRecipe(
  {
    train: { epochs: 1 },
    models: {
      euar: { config: { experts: { count: 4 }, hidden: 8 } },
      linear: { train: { epochs: 20, learningRate: 0.05 } },
    },
  },
  "recipe",
);

function run(protocol: Protocol): Promise<Experiments> {
  return reproduceProtocol(
    {
      protocol,
      source: "synthetic:seed=9,train=40,valid=20,test=30",
      modalities: ["text", "audio"],
      models: ["linear"],
      seeds: [1],
      recipe,
      store: join(root, "jobs"),
    },
    {
      signal: new AbortController().signal,
      onProgress: () => undefined,
      openExecutors: (data) => Promise.resolve([localExecutor(data)]),
    },
  );
}

let [summary, conditions]: (ExperimentResult | undefined)[] = [];
beforeAll(async () => {
  [summary, conditions] = (await run(builtInProtocol("missbench"))).experiments;
});

/** Returns the numbers of the row of the linear model. */
const linear = (table: ExperimentResult | undefined): (number | null)[] =>
  defined(table?.rows.find(({ label }) => label === "Linear")).cells.map(({ mean }) => mean);

describe("reproduceProtocol", () => {
  it("has the mean of each group, of the accuracy and of the error", () => {
    expect(summary?.rows.map(({ label }) => label)).toEqual(["EUAR", "Linear"]);
    expect(summary?.columns.map(({ label, metric }) => `${metric} ${label}`)).toEqual(
      ["Non0_acc_2", "MAE"].flatMap((metric) =>
        ["mean", "shared", "imbalanced", "subsets"].map((label) => `${metric} ${label}`),
      ),
    );
    const names = conditions?.columns.map(({ label }) => label) ?? [];
    expect(names).toHaveLength(4 + 8 + 3);
    const accuracies = linear(conditions);
    const [mean, shared, imbalanced] = linear(summary);
    expect(mean).toBeCloseTo(meanOfKnown(accuracies) ?? NaN, 12);
    expect(shared).toBeCloseTo(meanOfKnown(accuracies.slice(0, 4)) ?? NaN, 12);
    expect(imbalanced).toBeCloseTo(meanOfKnown(accuracies.slice(4, 12)) ?? NaN, 12);
    expect(new Set(accuracies).size).toBeGreaterThan(3);
  });

  it("refuses protocols that retrain models or corrupt raw media", async () => {
    await expect(run(builtInProtocol("fixed-missing-retrain"))).rejects.toThrow(/a model for each condition/);
    const media: Protocol = {
      ...builtInProtocol("spectrum"),
      summary: "mean",
      conditions: [{ damage: "audio=mute:1" }],
    };
    await expect(run(media)).rejects.toThrow(/corrupts raw media/);
  });
});
