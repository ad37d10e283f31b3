import { expect, test } from "vitest";
import type { Dataset } from "../data/dataset.js";
import { loadSynthetic } from "../data/synthetic/load-synthetic.js";
import { evaluate } from "../evaluate/evaluate.js";
import { train, type TrainedRun } from "./train.js";

const small = { hidden: 16, experts: { count: 4 }, head: [16] };

function trained(preset: "paper" | "aware", dataset: Dataset): Promise<TrainedRun> {
  return train(
    {
      model: { name: "euar", preset, config: small },
      train: { epochs: 4, seed: 1 },
    },
    dataset,
  );
}

/**
 * Mean over modalities of Spearman's correlation between sigma^2 and the true severity: over all kinds, and
 * over one kind with the clean samples.
 */
async function agreement(
  run: TrainedRun,
  dataset: Dataset,
  kind: string,
): Promise<{ readonly all: number; readonly kind: number }> {
  const { uncertainty } = await evaluate(run.model, dataset, { split: "valid" });
  const modalities = Object.values(uncertainty).map(({ severity }) => severity);
  const mean = (values: readonly (number | null | undefined)[]): number =>
    values.reduce((sum: number, value) => sum + (value ?? NaN), 0) / values.length;
  return {
    all: mean(modalities.map((one) => one?.all)),
    kind: mean(modalities.map((one) => one?.byKind[kind]?.rho)),
  };
}

test("the preset aware: sigma^2 follows the true severity; the paper's hardly does", async () => {
  const dataset = loadSynthetic("synthetic:seed=21,train=300,valid=300,test=20");
  const [aware, paper] = [
    await agreement(await trained("aware", dataset), dataset, "dropout"),
    await agreement(await trained("paper", dataset), dataset, "dropout"),
  ];
  expect(Math.abs(paper.all)).toBeLessThan(0.35);
  expect(aware.all).toBeGreaterThan(0.5);
  expect(aware.all).toBeGreaterThan(paper.all + 0.25);
  expect(aware.kind).toBeGreaterThan(0.4);
});

test("the preset aware: statistics are stored with the weights, a seed fixes the bits", async () => {
  const dataset = loadSynthetic("synthetic:seed=22,train=60,valid=20,test=20");
  const [first, second] = [await trained("aware", dataset), await trained("aware", dataset)];
  const values = (run: TrainedRun, name: string): number[] =>
    Array.from(run.model.network.parameters.get(name).buffer.view);
  for (const name of [
    "text/signals/fitted/basis",
    "text/signals/in/weight",
    "audio/experts/weight",
    "certainty/out/weight",
  ])
    expect(values(first, name), name).toEqual(values(second, name));
  expect(values(first, "text/signals/fitted/median").some((value) => value !== 0)).toBe(true);
  expect(first.history.at(-1)?.train["rank/text"]).toBeGreaterThan(0);
  expect(first.history.at(-1)?.train["certainty"]).toBeTypeOf("number");
});
