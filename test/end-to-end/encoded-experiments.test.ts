import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixtureFolder } from "../../src/encoders/testing/family-fixture.js";
import { euar } from "../run-euar.js";
import { writePhrases } from "./phrases-folder.js";

const root = mkdtempSync(join(tmpdir(), "euar-encoded-experiments-"));
const data = join(root, "data");
const encoder = ["--text-encoder", fixtureFolder("bert")];
const recipe = {
  train: { epochs: 1, batchSize: 8, learningRate: 0.01 },
  encoder: { textTrain: 1, textLearningRate: 0.01 },
};

function file(name: string, value: unknown): string {
  const path = join(root, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
}

beforeAll(() => {
  writePhrases(data);
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const common = ["--data", data, "--workers", "1"];
const reproduce = (...args: string[]): ReturnType<typeof euar> => euar(["reproduce", ...args, ...common]);

interface Table {
  readonly name: string;
  readonly caption: string;
  readonly rows: readonly { readonly label: string; readonly cells: readonly { readonly mean: number }[] }[];
}

describe("experiments with a text encoder inside the models", () => {
  it("fine-tune it in each run, and differ by the trained part", () => {
    const means = [1, 0].map((textTrain): readonly number[] => {
      const given = { ...recipe, encoder: { ...recipe.encoder, textTrain } };
      const out = join(root, `table4-${textTrain}`);
      const { code, stdout, stderr } = reproduce(
        "table4",
        ...encoder,
        ...["--recipe", file(`recipe-${textTrain}.json`, given), "--seeds", "1", "--out", out, "--json"],
      );
      expect([code, stderr.includes("error")], stderr).toEqual([0, false]);
      const { experiments } = JSON.parse(stdout) as { experiments: Table[] };
      return experiments.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.map(({ mean }) => mean)));
    });
    expect(means[0]?.length).toBeGreaterThanOrEqual(6);
    expect(means.flat().every(Number.isFinite)).toBe(true);
    expect(means[0]).not.toEqual(means[1]);
  });

  it("leave out rows that need copies of features, and say so", () => {
    const out = join(root, "table1");
    const given = file("recipe.json", recipe);
    const { code, stdout } = reproduce(
      ...["table1", ...encoder, "--recipe", given, "--seeds", "1", "--out", out, "--json"],
    );
    expect(code).toBe(0);
    const [table] = (JSON.parse(stdout) as { experiments: Table[] }).experiments;
    expect(table?.caption).toMatch(/Left out.*EUAR, preset aware/);
    expect(table?.rows.map(({ label }) => label)).not.toContain("EUAR, preset aware");
    expect(table?.rows.map(({ label }) => label)).toEqual(expect.arrayContaining(["EUAR", "Linear"]));
  });

  it("refuse noise on token ids, and options of an encoder that is not named", () => {
    const noisy = reproduce("table3", ...encoder, "--out", join(root, "table3"));
    expect([noisy.code, noisy.stderr]).toEqual([2, expect.stringMatching(/table3 needs noise on features/)]);
    const idle = reproduce("table4", "--recipe", file("idle.json", recipe), "--out", join(root, "idle"));
    expect([idle.code, idle.stderr]).toEqual([2, expect.stringMatching(/no encoder is given/)]);
    const wrong = { encoder: { textLayer: 1 } };
    const unknown = reproduce("table4", ...encoder, "--recipe", file("wrong.json", wrong));
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringMatching(/textLayers/)]);
  });

  it("choose the encoder's layer on validation", () => {
    const space = file("space.json", { textLayers: { choice: [1, 2] }, textPooling: { choice: ["cls"] } });
    const frozen = file("frozen.json", { ...recipe, encoder: { textTrain: 0 } });
    const out = join(root, "sweep");
    const args = ["--model", "linear", "--space", space, "--recipe", frozen, "--out", out, "--json"];
    const size = ["--trials", "4", "--epochs", "2", "--halving", "1"];
    const { code, stderr } = euar(["sweep", ...common, ...encoder, ...args, ...size]);
    expect(code, stderr).toBe(0);
    const best = JSON.parse(readFileSync(join(out, "best.json"), "utf8")) as { encoder: object };
    expect(best.encoder).toMatchObject({ textTrain: 0, textPooling: "cls" });
    const sweep = JSON.parse(readFileSync(join(out, "sweep.json"), "utf8")) as {
      trials: { score: number; trial: { encoder: { textLayers: number } } }[];
    };
    const byLayer = new Map(sweep.trials.map(({ score, trial }) => [trial.encoder.textLayers, score]));
    expect(new Set(byLayer.values()).size).toBe(2);
  });
});
